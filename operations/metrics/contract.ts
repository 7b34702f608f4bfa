import { defineContract } from "#/lib/http/contract.ts";

export const metricsContract = defineContract({
  method: "GET",
  path: "/api/metrics",
  summary: "Metrics of all workspaces as Prometheus text 0.0.4.",
  access: "metrics-token",
  responses: { 200: { description: "text/plain; version=0.0.4" } },
});
