import { rollbackWorkflow } from "#/db/versions.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { rollbackContract } from "#/operations/workflows/contract.ts";
import { getWorkflow } from "#/operations/workflows/get.ts";
import type { ShownWorkflow } from "#/operations/workflows/show.ts";

/** Publishes an earlier version again; runs under way keep theirs, and the draft stays. Refuses with `not-found`. */
export async function rollback(
  caller: Caller,
  { id, version }: Input<typeof rollbackContract>,
): Promise<ShownWorkflow | Refusal> {
  const isKnown = await rollbackWorkflow(caller.tenant, id, version);
  return isKnown ? getWorkflow(caller, { id }) : notFound("workflow or version");
}
