import type { Contract } from "#/lib/http/contract.ts";
import { metrics } from "#/lib/observe/metrics.ts";

interface Answered {
  readonly status: number;
  readonly seconds: number;
  /** It takes as long as what it waits for, which says nothing of us. */
  readonly isWaiting?: boolean;
}

/** Counts what a caller was answered, and how long it took. */
export function observeAnswer(
  { method, limit }: Contract,
  { status, seconds, isWaiting = false }: Answered,
): void {
  metrics().count("cairn_api_requests_total", { method, status: `${Math.floor(status / 100)}xx` });
  if (limit !== "streams" && !isWaiting) metrics().observe("cairn_api_duration_seconds", seconds, { method });
}
