import { useQuery, useQueryClient } from "@tanstack/react-query";
import { storeAnswer } from "#/app/_ui/query-client.ts";
import type { Answer } from "#/sdk/client/routes.ts";
import { workspaceLimits } from "./queries.ts";

/** The limits of the workspace, and what it has used this month. */
export function useLimits() {
  return useQuery(workspaceLimits());
}

/** Stores limits that were just changed. */
export function useStoreLimits(): (limits: Answer<"GET /api/v1/limits">) => void {
  const client = useQueryClient();
  return (limits) => storeAnswer(client, workspaceLimits(), limits);
}
