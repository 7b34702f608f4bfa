import { env } from "#/lib/env.ts";
import { bearerIs } from "#/lib/http/bearer.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { problemResponse, refuse } from "#/lib/http/problem.ts";
import { toPrometheus } from "#/lib/observe/prometheus.ts";
import { metrics } from "#/operations/metrics/read.ts";

const NOT_THE_TOKEN = refuse("unauthenticated", "Send METRICS_TOKEN as “Authorization: Bearer …”.", {
  headers: { "WWW-Authenticate": 'Bearer realm="metrics"' },
});

/** Metrics of the whole deployment, for a scraper that knows METRICS_TOKEN. */
export async function GET(request: Request): Promise<Response> {
  if (!bearerIs(request, env().metricsToken)) return problemResponse(NOT_THE_TOKEN);
  return new Response(toPrometheus(await metrics()), {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
  });
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
