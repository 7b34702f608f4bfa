import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { StartedRun } from "#/operations/runs/contract.ts";
import type {
  CreatedWebhook,
  CreateWebhook,
  Delivery,
  UpdateWebhook,
  Webhook,
  WebhookAddress,
} from "#/operations/webhooks/contract.ts";
import { callApi } from "#/app/_ui/api-client.ts";
import { CALM_MS, LIVE_MS, type Page } from "./poll.ts";

const MOST = 100;

export function useWebhooks() {
  return useQuery({
    queryKey: ["webhooks"],
    queryFn: ({ signal }) => callApi<Page<Webhook>>(`/api/v1/webhooks?limit=${MOST}`, { signal }),
    refetchInterval: CALM_MS,
  });
}

export function useCreateWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateWebhook) =>
      callApi<CreatedWebhook>("/api/v1/webhooks", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["webhooks"] }),
  });
}

export function useUpdateWebhook(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateWebhook) =>
      callApi<Webhook>(`/api/v1/webhooks/${id}`, { method: "PATCH", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["webhooks"] }),
  });
}

export function useDeleteWebhook(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi<void>(`/api/v1/webhooks/${id}`, { method: "DELETE" }),
    // Not awaited: the row that asked goes with the new list, and what it wanted to tell would go unsaid.
    onSuccess: () => void client.invalidateQueries({ queryKey: ["webhooks"] }),
  });
}

/** The address and the secret, shown again; that is written down. */
export function useRevealWebhook() {
  return useMutation({
    mutationFn: (id: string) => callApi<WebhookAddress>(`/api/v1/webhooks/${id}/reveal`, { method: "POST" }),
  });
}

export function useDeliveries(id: string) {
  return useQuery({
    queryKey: ["deliveries", id],
    queryFn: ({ signal }) =>
      callApi<Page<Delivery>>(`/api/v1/webhooks/${id}/deliveries?limit=20`, { signal }),
    refetchInterval: LIVE_MS,
  });
}

export function useRedeliver(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deliveryId: string) =>
      callApi<StartedRun>(`/api/v1/webhooks/${id}/deliveries/${deliveryId}/redeliver`, { method: "POST" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}
