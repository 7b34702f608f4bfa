import "server-only";
import type { Tenant } from "#/db/client.ts";
import { type Environment, env } from "#/lib/env.ts";
import { keepAlive } from "#/lib/observe/keep-alive.ts";

/**
 * Tells the collector of OTEL_EXPORTER_OTLP_ENDPOINT of a run that has ended outside of any invocation, and of all that has ended with it. Does nothing
 * for one that goes on. Never throws, and nobody waits for it.
 */
export function traceEnd(tenant: Tenant, runId: string): void {
  const { otlp } = env();
  if (!otlp) return;
  keepAlive(tell(otlp, tenant, runId));
}

/** Loaded where a collector is configured: no cold start pays for what it does not use. */
async function tell(otlp: NonNullable<Environment["otlp"]>, tenant: Tenant, runId: string): Promise<void> {
  const { traceEnding, flushTraces } = await import("#/operations/execution/traces.ts");
  traceEnding(otlp, tenant, runId);
  await flushTraces();
}
