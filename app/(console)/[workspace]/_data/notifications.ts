import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { readThisDevice, turnOff, turnOn } from "#/app/_device/push.ts";
import { api, makeQuery } from "#/app/_ui/api.ts";
import { storeAnswer } from "#/app/_ui/query-client.ts";
import type { QuietHours } from "#/operations/notifications/contract.ts";

const NOTIFICATIONS = makeQuery("GET /api/v1/notifications");

/** The person's devices and quiet hours. */
export function useNotifications() {
  return useQuery(NOTIFICATIONS);
}

function useRenewed() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: NOTIFICATIONS.queryKey });
}

/** Turns notifications on in this browser. The answer is whether the person has allowed them. */
export function useTurnOn(owner: string) {
  const renew = useRenewed();
  return useMutation({
    mutationFn: async (publicKey: string) => (await turnOn(owner, publicKey)) !== undefined,
    onSettled: renew,
  });
}

export function useRemoveDevice(owner: string) {
  const renew = useRenewed();
  return useMutation({
    mutationFn: async (id: string) => {
      await api("DELETE /api/v1/notifications/devices/{id}", { path: { id } });
      if (readThisDevice(owner)?.id === id) turnOff(owner);
    },
    onSettled: renew,
  });
}

export function useTestDevice() {
  const renew = useRenewed();
  return useMutation({
    mutationFn: (id: string) => api("POST /api/v1/notifications/devices/{id}/test", { path: { id } }),
    onSettled: renew,
  });
}

export function useSetQuietHours() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (quietHours: QuietHours | null) =>
      api("PUT /api/v1/notifications/quiet-hours", { body: { quietHours } }),
    onSuccess: (notifications) => storeAnswer(client, NOTIFICATIONS, notifications),
  });
}
