import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { readThisDevice, turnOff, turnOn } from "#/app/_device/push.ts";
import { api } from "#/app/_ui/api.ts";
import { storeAnswer } from "#/app/_ui/query-client.ts";
import type { Notifications } from "#/operations/notifications/contract.ts";
import { ownNotifications } from "./queries.ts";

const NOTIFICATIONS = ownNotifications();

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
  const forget = useForgetDevice(owner);
  return useMutation({
    mutationFn: (id: string) => api("DELETE /api/v1/notifications/devices/{id}", { path: { id } }),
    onSuccess: (_removed, id) => forget(id),
    onError: renew,
  });
}

/** Has this browser know that a device was removed, in case that it is that one, and the list read again. */
export function useForgetDevice(owner: string): (id: string) => Promise<void> {
  const renew = useRenewed();
  return (id) => {
    if (readThisDevice(owner)?.id === id) turnOff(owner);
    return renew();
  };
}

export function useTestDevice() {
  const renew = useRenewed();
  return useMutation({
    mutationFn: (id: string) => api("POST /api/v1/notifications/devices/{id}/test", { path: { id } }),
    onSettled: renew,
  });
}

/** Stores what a form was answered, devices and quiet hours as they are now, or has them read again. */
export function useNotificationsStore() {
  const client = useQueryClient();
  return {
    store: (notifications: Notifications) => storeAnswer(client, NOTIFICATIONS, notifications),
    renew: useRenewed(),
  };
}
