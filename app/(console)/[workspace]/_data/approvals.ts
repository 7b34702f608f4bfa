import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type QueuedDecision, queueDecision, sendDecision } from "#/app/_device/decision-queue.ts";
import { ownerOf } from "#/app/_device/kept-inbox.ts";
import { api } from "#/app/_ui/api.ts";
import type { MadeDecision } from "#/app/_ui/decision-draft.ts";
import type { Approval, DecideApproval } from "#/operations/approvals/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { keyOf } from "#/sdk/client/query.ts";
import type { Answer } from "#/sdk/client/routes.ts";
import type { WhoseInbox } from "#/operations/inbox/contract.ts";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { BESIDE_MS, RARE_MS } from "./poll.ts";
import { countQuestions } from "./count-questions.ts";
import { approvalList, type ApprovalStatus, inboxItems, runApprovals } from "./queries.ts";

/** Approvals of this status, newest first. */
export function useApprovals(status: ApprovalStatus) {
  return useQuery(approvalList(status));
}

/** What waits for a person, of everybody's or their own. An idle page asks once in ten seconds. */
export function useInbox(whose: WhoseInbox) {
  return useQuery({ ...inboxItems(whose), refetchInterval: RARE_MS });
}

/**
 * The inbox as the shell asks for it, under a key of its own: the shell begins before the page does, and a list that the shell had begun to ask for would
 * hide the one that the server has sent with the page, which is then not what the browser renders first. What the page of the inbox has just read is not
 * asked for again.
 */
export function useShellInbox() {
  const client = useQueryClient();
  const { queryKey, queryFn } = inboxItems();
  return useQuery({
    queryKey: [...queryKey, "shell"],
    queryFn: (context) => {
      const page = client.getQueryState<InboxPage>(queryKey);
      const isFresh = page?.isInvalidated === false && Date.now() - page.dataUpdatedAt < RARE_MS;
      return isFresh && page.data ? page.data : queryFn(context);
    },
    refetchInterval: BESIDE_MS,
  });
}

type InboxPage = Answer<"GET /api/v1/inbox">;

/** The number of questions that wait for somebody, as a badge says it; undefined where none does. */
export function useOpenQuestions(): string | undefined {
  const { data } = useShellInbox();
  return data && countQuestions(data);
}

interface AskingRun {
  /** Changes when the run has moved on. */
  readonly moment: string;
  /** The run waits: what it has started, or others that wait for the same budget, may ask or be answered, of which it does not tell. */
  readonly isWaiting: boolean;
}

/** The approvals of one run. */
export function useRunApprovals(runId: string, { moment, isWaiting }: AskingRun) {
  return useQuery({
    ...runApprovals(runId, moment),
    placeholderData: (before) => before,
    refetchInterval: isWaiting && BESIDE_MS,
  });
}

const CHANGED = ["GET /api/v1/approvals", "GET /api/v1/inbox", "GET /api/v1/runs"] as const;

/** Gives several approvals the same answer, and returns the refusals among the outcomes. */
export function useDecideMany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: DecideApproval & { readonly ids: string[] }) => {
      const { outcomes } = await api("POST /api/v1/approvals/decisions", { body });
      return outcomes.filter(({ refusal }) => refusal !== null);
    },
    onSettled: () =>
      void Promise.all(CHANGED.map((route) => client.invalidateQueries({ queryKey: keyOf(route) }))),
  });
}

type Asked = Pick<Approval, "id" | "title" | "subject">;

/**
 * Decides. When somebody else was faster, the lists are asked for again all the same. Without a network the decision waits on this device, with those of
 * `also` that get the same answer.
 */
export function useDecide(approval: Asked, also: readonly Asked[]) {
  const client = useQueryClient();
  const owner = ownerOf(useWorkspace());
  const make = ({ id: approvalId, title, subject }: Asked, decision: MadeDecision): QueuedDecision => ({
    id: crypto.randomUUID(),
    owner,
    approvalId,
    title,
    subject,
    decision,
    madeAt: Date.now(),
  });
  return useMutation({
    networkMode: "always",
    mutationFn: async (decision: MadeDecision): Promise<"sent" | "queued"> => {
      const made = make(approval, decision);
      try {
        await sendDecision(made);
        return "sent";
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "unreached") throw error;
        const all = [made, ...also.map((other) => make(other, decision))];
        for (const one of all) await queueDecision(one).catch(() => Promise.reject(error));
        return "queued";
      }
    },
    // Not waited for: the card that says so may be gone when the lists are there.
    onSettled: () =>
      void Promise.all(CHANGED.map((route) => client.invalidateQueries({ queryKey: keyOf(route) }))),
  });
}

/** Makes a link by which somebody without an account can decide. */
export function useApprovalLink(approvalId: string) {
  return useMutation({
    mutationFn: () => api("POST /api/v1/approvals/{id}/link", { path: { id: approvalId }, body: {} }),
  });
}
