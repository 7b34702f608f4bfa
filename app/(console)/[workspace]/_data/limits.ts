import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ChangeLimits, LimitsAndUsage } from "#/operations/limits/contract.ts";
import { callApi } from "#/app/_ui/api-client.ts";

const KEY = ["limits"];

/** The limits of the workspace, and what it has used this month. */
export function useLimits() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => callApi<LimitsAndUsage>("/api/v1/limits", { signal }),
  });
}

export function useChangeLimits() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChangeLimits) => callApi<LimitsAndUsage>("/api/v1/limits", { method: "PATCH", body }),
    onSuccess: (limits) => client.setQueryData(KEY, limits),
  });
}
