import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, makeQuery } from "#/app/_ui/api.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { RARE_MS, LIVE_MS } from "./poll.ts";
import { webhookList } from "./queries.ts";

const WEBHOOKS = keyOf("GET /api/v1/webhooks");
const MOST_DELIVERIES = 20;

export function useWebhooks(everyMs: number | false = RARE_MS) {
  return useQuery({ ...webhookList(), refetchInterval: everyMs });
}

/** Has the list read again, for whoever has changed one. */
export function useRefreshWebhooks(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: WEBHOOKS });
}

/** The address and the secret, shown again; that is written down. */
export function useRevealWebhook() {
  return useMutation({
    mutationFn: (id: string) => api("POST /api/v1/webhooks/{id}/reveal", { path: { id } }),
  });
}

export function useDeliveries(id: string) {
  return useQuery({
    ...makeQuery("GET /api/v1/webhooks/{id}/deliveries", { path: { id }, query: { limit: MOST_DELIVERIES } }),
    refetchInterval: LIVE_MS,
  });
}

export function useRedeliver(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deliveryId: string) =>
      api("POST /api/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver", { path: { id, deliveryId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf("GET /api/v1/runs") }),
  });
}
