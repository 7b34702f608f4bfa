import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { DecideApproval } from "#/operations/approvals/contract.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { BADGE_MS, RARE_MS } from "./poll.ts";
import { approvalList, type ApprovalStatus, inboxItems, runApprovals } from "./queries.ts";

/** Approvals of this status, newest first. */
export function useApprovals(status: ApprovalStatus) {
  return useQuery(approvalList(status));
}

/** Everything that waits for a person. An idle page asks once in ten seconds. */
export function useInbox() {
  return useQuery({ ...inboxItems(), refetchInterval: RARE_MS });
}

/**
 * The number of open approvals, under a key of its own: the shell begins before the inbox does, and a list that the shell had begun to ask for
 * would hide the one that the server has sent with the page, which is then not what the browser renders first.
 */
export function useOpenApprovalCount(): number {
  const { queryKey, queryFn } = approvalList("open");
  const { data } = useQuery({
    queryKey: [...queryKey, "count"],
    queryFn,
    select: ({ items }) => items.length,
    refetchInterval: BADGE_MS,
  });
  return data ?? 0;
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
    refetchInterval: isWaiting && RARE_MS,
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

/** Decides. When somebody else was faster, the lists are asked for again all the same. */
export function useDecide(approvalId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: DecideApproval) =>
      api("POST /api/v1/approvals/{id}/decision", { path: { id: approvalId }, body: decision }),
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
