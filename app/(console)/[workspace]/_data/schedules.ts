import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { CreateSchedule, UpdateSchedule } from "#/operations/schedules/contract.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { CALM_MS } from "./poll.ts";
import { scheduleList } from "./queries.ts";

const SCHEDULES = keyOf("GET /api/v1/schedules");

export function useSchedules(everyMs: number | false = CALM_MS) {
  return useQuery({ ...scheduleList(), refetchInterval: everyMs });
}

export function useCreateSchedule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateSchedule) => api("POST /api/v1/schedules", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: SCHEDULES }),
  });
}

export function useUpdateSchedule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateSchedule) => api("PATCH /api/v1/schedules/{id}", { path: { id }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: SCHEDULES }),
  });
}

export function useDeleteSchedule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api("DELETE /api/v1/schedules/{id}", { path: { id } }),
    // Not awaited: the row that asked goes with the new list, and what it wanted to tell would go unsaid.
    onSuccess: () => void client.invalidateQueries({ queryKey: SCHEDULES }),
  });
}
