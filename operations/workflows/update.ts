import { updateWorkflow as saveWorkflow } from "#/db/workflows.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { updateWorkflowContract } from "#/operations/workflows/contract.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { readDraft } from "#/operations/workflows/draft.ts";
import { getWorkflow } from "#/operations/workflows/get.ts";
import { draftChanged, nameTaken } from "#/operations/workflows/refusals.ts";
import type { ShownWorkflow } from "#/operations/workflows/show.ts";

/**
 * Renames a workflow or replaces its draft; what is published stays. Refuses with `not-found`, with `name-taken`, and with `draft-changed` when
 * the draft is not at the given revision any more.
 */
export async function updateWorkflow(
  caller: Caller,
  { id, name, definition, revision }: Input<typeof updateWorkflowContract>,
): Promise<ShownWorkflow | Refusal> {
  const draft =
    definition === undefined ? undefined : readDraft(definition, await readCatalogue(caller.tenant));
  const changed = await saveWorkflow(caller.tenant, id, { name, draft, revision });
  if (changed === "draft-changed") return draftChanged;
  if (changed === "name-taken") return nameTaken(name ?? "");
  return getWorkflow(caller, { id });
}
