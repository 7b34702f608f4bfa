import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Approval, DecideApproval } from "#/operations/approvals/contract.ts";
import { callApi, queryOf } from "#/app/_ui/api-client.ts";
import { CALM_MS, LIVE_MS, type Page } from "./poll.ts";

export type ApprovalStatus = Approval["status"];
const MOST = 100;

function listApprovals(
  filter: { readonly status?: ApprovalStatus; readonly run?: string },
  signal: AbortSignal,
): Promise<Page<Approval>> {
  return callApi<Page<Approval>>(`/api/v1/approvals${queryOf({ ...filter, limit: MOST })}`, { signal });
}

/** Approvals of this status, newest first. */
export function useApprovals(status: ApprovalStatus) {
  return useQuery({
    queryKey: ["approvals", { status }],
    queryFn: ({ signal }) => listApprovals({ status }, signal),
    refetchInterval: LIVE_MS,
  });
}

/**
 * How many are open. A query of its own: the shell begins before the inbox does, and a list that the shell had begun to ask for would hide the one that the
 * server has sent with the page, which is then not what the browser renders first.
 */
export function useOpenApprovalCount(): number {
  const { data } = useQuery({
    queryKey: ["approvals", "count"],
    queryFn: ({ signal }) => listApprovals({ status: "open" }, signal),
    select: ({ items }) => items.length,
    refetchInterval: CALM_MS,
  });
  return data ?? 0;
}

/** The approvals of one run. `moment` changes when the run has moved on. */
export function useRunApprovals(runId: string, moment: string) {
  return useQuery({
    queryKey: ["approvals", { run: runId }, moment],
    queryFn: ({ signal }) => listApprovals({ run: runId }, signal),
    placeholderData: (before) => before,
  });
}

/** Decides. When somebody else was faster, the lists are asked for again all the same. */
export function useDecide(approvalId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: DecideApproval) =>
      callApi<Approval>(`/api/v1/approvals/${approvalId}/decision`, { method: "POST", body: decision }),
    // Not waited for: the card that says so may be gone when the lists are there.
    onSettled: () =>
      void Promise.all([
        client.invalidateQueries({ queryKey: ["approvals"] }),
        client.invalidateQueries({ queryKey: ["runs"] }),
      ]),
  });
}

/** Makes a link by which somebody without an account can decide. */
export function useApprovalLink(approvalId: string) {
  return useMutation({
    mutationFn: () =>
      callApi<{ readonly url: string }>(`/api/v1/approvals/${approvalId}/link`, { method: "POST", body: {} }),
  });
}
