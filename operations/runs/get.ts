import { getRun as readRun, type Run } from "#/db/runs.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getRunContract } from "#/operations/runs/contract.ts";

/** Returns a run with its input, state, output and usage (tokens, US dollars). Refuses with `not-found`. */
export async function getRun(
  { tenant }: Caller,
  { id }: Input<typeof getRunContract>,
): Promise<Run | Refusal> {
  return (await readRun(tenant, id)) ?? notFound("run");
}
