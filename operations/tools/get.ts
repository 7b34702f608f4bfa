import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getToolContract, Tool } from "#/operations/tools/contract.ts";
import { noSuchTool } from "#/operations/tools/refusals.ts";
import { showTool } from "#/operations/tools/show.ts";

/** Reads a tool with its rules, its limits and the workflows that name it. Refuses with `not-found`. */
export async function getTool(
  { tenant }: Caller,
  { name }: Input<typeof getToolContract>,
): Promise<Tool | Refusal> {
  return (await showTool(tenant, name)) ?? noSuchTool;
}
