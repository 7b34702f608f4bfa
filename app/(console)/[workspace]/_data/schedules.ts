import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CreateSchedule, Schedule, UpdateSchedule } from "#/operations/schedules/contract.ts";
import { callApi } from "#/app/_ui/api-client.ts";
import { CALM_MS, type Page } from "./poll.ts";

const MOST = 100;

export function useSchedules() {
  return useQuery({
    queryKey: ["schedules"],
    queryFn: ({ signal }) => callApi<Page<Schedule>>(`/api/v1/schedules?limit=${MOST}`, { signal }),
    refetchInterval: CALM_MS,
  });
}

export function useCreateSchedule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateSchedule) => callApi<Schedule>("/api/v1/schedules", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["schedules"] }),
  });
}

export function useUpdateSchedule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateSchedule) =>
      callApi<Schedule>(`/api/v1/schedules/${id}`, { method: "PATCH", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["schedules"] }),
  });
}

export function useDeleteSchedule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi<void>(`/api/v1/schedules/${id}`, { method: "DELETE" }),
    // Not awaited: the row that asked goes with the new list, and what it wanted to tell would go unsaid.
    onSuccess: () => void client.invalidateQueries({ queryKey: ["schedules"] }),
  });
}
