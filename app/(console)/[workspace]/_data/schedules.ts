import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RARE_MS } from "./poll.ts";
import { scheduleList } from "./queries.ts";

export function useSchedules(everyMs: number | false = RARE_MS) {
  return useQuery({ ...scheduleList(), refetchInterval: everyMs });
}

/** Has the list read again, for whoever has changed one. */
export function useRefreshSchedules(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: scheduleList().queryKey });
}
