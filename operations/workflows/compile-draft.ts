import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { pinTools } from "#/agents/tools/pin-tools.ts";
import type { Tenant } from "#/db/client.ts";
import { openTools } from "#/operations/tools/source.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { checkDraft } from "#/operations/workflows/draft.ts";
import { fileWarnings } from "#/operations/workflows/file-warnings.ts";
import { checkReferences } from "#/operations/workflows/references.ts";

/** A draft as it can be run: checked, its tools pinned. */
interface Compiled {
  readonly ok: true;
  readonly definition: Definition;
  readonly warnings: readonly Problem[];
}

/** Makes a draft into what is run: what is published and what is tried are made in this one way. Else returns every problem of the draft. */
export async function compileDraft(
  tenant: Tenant,
  text: string,
): Promise<Compiled | { readonly ok: false; readonly problems: readonly Problem[] }> {
  const checked = checkDraft(text, await readCatalogue(tenant));
  if (!checked.ok) return checked;
  const references = await checkReferences(tenant, checked.definition);
  if (references.problems.length > 0) return { ok: false, problems: references.problems };
  return {
    ok: true,
    definition: await pinTools(checked.definition, openTools(tenant)),
    warnings: [
      ...checked.warnings,
      ...references.warnings,
      ...(await fileWarnings(tenant, checked.definition)),
    ],
  };
}
