import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { pinTools } from "#/agents/tools/pin-tools.ts";
import type { Tenant } from "#/db/client.ts";
import { openTools } from "#/operations/tools/source.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { checkInWorkspace } from "#/operations/workflows/check-in-workspace.ts";
import { checkDraft } from "#/operations/workflows/draft.ts";
import type { Workflow } from "#/db/workflows.ts";

/** A draft as it can be run: checked, its tools pinned. */
interface Compiled {
  readonly ok: true;
  readonly definition: Definition;
  readonly warnings: readonly Problem[];
}

/** Makes a draft into what is run: what is published and what is tried are made in this one way. Else returns every problem of the draft. */
export async function compileDraft(
  tenant: Tenant,
  { id, draftText }: Pick<Workflow, "id" | "draftText">,
): Promise<Compiled | { readonly ok: false; readonly problems: readonly Problem[] }> {
  const checked = checkDraft(draftText, await readCatalogue(tenant));
  if (!checked.ok) return checked;
  const { problems, warnings } = await checkInWorkspace(tenant, checked, id);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, definition: await pinTools(checked.definition, openTools(tenant)), warnings };
}
