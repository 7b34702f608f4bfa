import { createWorkflow as insertWorkflow } from "#/db/workflows.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { createWorkflowContract } from "#/operations/workflows/contract.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { readDraft } from "#/operations/workflows/draft.ts";
import { getWorkflow } from "#/operations/workflows/get.ts";
import { nameTaken } from "#/operations/workflows/refusals.ts";
import type { ShownWorkflow } from "#/operations/workflows/show.ts";

type NewWorkflow = Input<typeof createWorkflowContract> & { readonly id: string };

/**
 * Creates a workflow under `id` with a draft, which may still have problems; nothing runs before it is published. The same id again creates
 * nothing. Refuses with `name-taken`.
 */
export async function createWorkflow(
  caller: Caller,
  { id, name, definition }: NewWorkflow,
): Promise<ShownWorkflow | Refusal> {
  const draft = readDraft(definition, await readCatalogue(caller.tenant));
  const stored = await insertWorkflow(caller.tenant, { id, name, draft });
  return stored === "name-taken" ? nameTaken(name) : getWorkflow(caller, { id });
}
