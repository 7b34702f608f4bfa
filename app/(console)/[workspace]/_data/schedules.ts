import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Schedule } from "#/operations/schedules/contract.ts";
import { RARE_MS } from "./poll.ts";
import { scheduleList } from "./queries.ts";

type Interval = number | false;

/** The schedules of the workspace, read again after so many milliseconds: always so many, or as the list says. */
export function useSchedules(every: Interval | ((schedules: readonly Schedule[]) => Interval) = RARE_MS) {
  return useQuery({
    ...scheduleList(),
    refetchInterval: ({ state: { data } }) =>
      typeof every === "function" ? every(data?.items ?? []) : every,
  });
}

/** Has the list read again, for whoever has changed one. */
export function useRefreshSchedules(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: scheduleList().queryKey });
}
