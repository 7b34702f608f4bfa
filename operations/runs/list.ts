import type { Page } from "#/db/page.ts";
import { listRuns as readRuns, type RunSummary } from "#/db/runs.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listRunsContract } from "#/operations/runs/contract.ts";

/** Lists runs that fit the filter, newest first, without state and output. */
export function listRuns(
  { tenant }: Caller,
  filter: Input<typeof listRunsContract>,
): Promise<Page<RunSummary>> {
  return readRuns(tenant, filter);
}
