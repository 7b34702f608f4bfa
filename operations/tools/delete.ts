import { deleteTool as removeTool } from "#/db/tools.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { deleteToolContract } from "#/operations/tools/contract.ts";
import { getTool } from "#/operations/tools/get.ts";
import { notDeclared } from "#/operations/tools/refusals.ts";

/** Deletes a declared tool. Steps that name it fail from then on. Refuses with `not-found`, and with `wrong-status` for a tool that comes from elsewhere. */
export async function deleteTool(
  caller: Caller,
  { name }: Input<typeof deleteToolContract>,
): Promise<Refusal | undefined> {
  if (await removeTool(caller.tenant, name)) return undefined;
  const known = await getTool(caller, { name });
  return "refused" in known ? known : notDeclared(name);
}
