import { type CheckpointSummary, listCheckpoints as readCheckpoints } from "#/db/checkpoint-history.ts";
import type { Page } from "#/db/page.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listCheckpointsContract } from "#/operations/runs/contract.ts";

/** Lists the checkpoints of a run that are still kept, newest first. Refuses with `not-found`. */
export async function listCheckpoints(
  { tenant }: Caller,
  { id, ...page }: Input<typeof listCheckpointsContract>,
): Promise<Page<CheckpointSummary> | Refusal> {
  return (await readCheckpoints(tenant, id, page)) ?? notFound("run");
}
