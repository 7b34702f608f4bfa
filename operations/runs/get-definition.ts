import { getRunDefinition as readDefinition, type RunDefinition } from "#/db/runs.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getRunDefinitionContract } from "#/operations/runs/contract.ts";

/** Returns the definition that a run executes, with the text it was written as. Refuses with `not-found`. */
export async function getRunDefinition(
  { tenant }: Caller,
  { id }: Input<typeof getRunDefinitionContract>,
): Promise<RunDefinition | Refusal> {
  return (await readDefinition(tenant, id)) ?? notFound("run");
}
