import { countRuns, type RunCount } from "#/db/run-counts.ts";
import type { Caller } from "#/operations/caller.ts";

/** The length of a bar of the histogram: 72 of them are a day. */
const BAR_MINUTES = 20;

/** Counts the runs of the last day by the 20 minutes in which they were created and by how they stand. */
export async function listRunCounts({ tenant }: Caller): Promise<{ readonly items: readonly RunCount[] }> {
  return { items: await countRuns(tenant, BAR_MINUTES) };
}
