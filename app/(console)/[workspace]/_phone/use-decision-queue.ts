import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { toast } from "#/app/_ui/toast.ts";
import { useSoonHydrated } from "#/app/_ui/use-hydrated.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { listQueued, type QueuedDecision, sendQueued, watchQueue } from "#/app/_device/decision-queue.ts";
import { ownerOf } from "#/app/_device/kept-inbox.ts";

const KEY = ["device", "decisions"];
/** Apart from what the browser tells of the network, which it does not always notice. */
const TRY_AGAIN_MS = 20_000;

const NONE: readonly QueuedDecision[] = [];

/**
 * The person's decisions that wait for the network, or were not taken. None while React takes a page over: the device may have told the shell of some
 * already, of which the server has sent nothing.
 */
export function useQueuedDecisions(): readonly QueuedDecision[] {
  const owner = ownerOf(useWorkspace());
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: [...KEY, owner],
    queryFn: () => listQueued(owner).catch(() => []),
    networkMode: "always",
  });
  useEffect(() => watchQueue(() => void client.invalidateQueries({ queryKey: KEY })), [client]);
  return useSoonHydrated() && data ? data : NONE;
}

/** The person's answer to a question, while it waits for the network. */
export function useWaitingAnswer(approvalId: string): QueuedDecision | undefined {
  return useQueuedDecisions().find(
    (queued) => queued.approvalId === approvalId && queued.refusal === undefined,
  );
}

/** Sends decisions that wait, as soon as there is a network, and says what became of them. */
export function useDecisionSender(): void {
  const owner = ownerOf(useWorkspace());
  const waiting = useQueuedDecisions().filter(({ refusal }) => refusal === undefined).length;
  const client = useQueryClient();
  const send = useEffectEvent(async () => {
    if (waiting === 0 || !navigator.onLine) return;
    const { taken, refused } = await sendQueued(owner);
    if (taken.length + refused.length === 0) return;
    if (taken.length > 0) toast.success(`Sent what you decided without a network: ${nameAll(taken)}.`);
    if (refused.length > 0) toast.error(`Not taken: ${nameAll(refused)}. The inbox says why.`);
    await Promise.all(CHANGED.map((route) => client.invalidateQueries({ queryKey: keyOf(route) })));
  });
  useEffect(() => {
    if (waiting > 0) void send();
  }, [waiting]);
  useEffect(() => {
    const tryNow = () => void send();
    window.addEventListener("online", tryNow);
    document.addEventListener("visibilitychange", tryNow);
    const again = window.setInterval(tryNow, TRY_AGAIN_MS);
    return () => {
      window.removeEventListener("online", tryNow);
      document.removeEventListener("visibilitychange", tryNow);
      window.clearInterval(again);
    };
  }, []);
}

const CHANGED = ["GET /api/v1/approvals", "GET /api/v1/inbox", "GET /api/v1/runs"] as const;

const nameAll = (decisions: readonly QueuedDecision[]): string =>
  decisions.length === 1 ? `“${decisions[0]?.title ?? ""}”` : `${decisions.length} answers`;
