import type { Page } from "#/db/page.ts";
import { listSideEffects as readSideEffects, type SideEffect } from "#/db/side-effects.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listSideEffectsContract } from "#/operations/runs/contract.ts";

/** Lists the writes of a run to the outside with what became of each: sent, failed, pending or unknown. Refuses with `not-found`. */
export async function listSideEffects(
  { tenant }: Caller,
  { id, ...page }: Input<typeof listSideEffectsContract>,
): Promise<Page<SideEffect> | Refusal> {
  return (await readSideEffects(tenant, id, page)) ?? notFound("run");
}
