import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makeQuery } from "#/app/_ui/api.ts";
import { storeAnswer } from "#/app/_ui/query-client.ts";
import type { ChangeWorkspaceLimits } from "#/operations/limits/contract.ts";

const LIMITS = makeQuery("GET /api/v1/limits");

/** The limits of the workspace, and what it has used this month. */
export function useLimits() {
  return useQuery(LIMITS);
}

export function useChangeLimits() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChangeWorkspaceLimits) => api("PATCH /api/v1/limits", { body }),
    onSuccess: (limits) => storeAnswer(client, LIMITS, limits),
  });
}
