import type { Problem } from "#/agents/definition/problem.ts";
import { pinTools } from "#/agents/tools/pin-tools.ts";
import { publishVersion as storeVersion, type VersionDetail } from "#/db/versions.ts";
import { getWorkflow } from "#/db/workflows.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";
import type { Caller } from "#/operations/caller.ts";
import type { publishVersionContract } from "#/operations/workflows/contract.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { checkDraft } from "#/operations/workflows/draft.ts";
import { checkReferences } from "#/operations/workflows/references.ts";
import { draftChanged, noSuchWorkflow } from "#/operations/workflows/refusals.ts";
import { openTools } from "#/operations/tools/source.ts";
import { scheduleWarnings } from "#/operations/workflows/schedule-warnings.ts";

type Published = VersionDetail & { readonly warnings: readonly Problem[] };

/**
 * Publishes the draft as a new immutable version, which runs from now on, with warnings of what will fail all the same. Refuses with
 * `not-found`, with `draft-changed` when the draft is not at the given revision any more, with `invalid-definition` and every problem of the
 * draft, and with `already-published` when nothing has changed since.
 */
export async function publishVersion(
  { tenant }: Caller,
  { id, revision }: Input<typeof publishVersionContract>,
): Promise<Published | Refusal> {
  const workflow = await getWorkflow(tenant, id);
  if (!workflow) return noSuchWorkflow;
  if (revision !== undefined && revision !== workflow.revision) return draftChanged;
  const checked = checkDraft(workflow.draftText, await readCatalogue(tenant));
  if (!checked.ok) return invalidDefinition(checked.problems);
  const { definition } = checked;
  const references = await checkReferences(tenant, definition);
  if (references.problems.length > 0) return invalidDefinition(references.problems);
  const version = await storeVersion(tenant, id, {
    versionId: newId(),
    kind: definition.kind,
    definition: await pinTools(definition, openTools(tenant)),
    source: workflow.draftText,
  });
  if (version === "not-found") return noSuchWorkflow;
  if (version === "unchanged") return alreadyPublished(workflow.publishedVersion);
  const late = await scheduleWarnings(tenant, id, definition.input);
  return { ...version, warnings: [...checked.warnings, ...references.warnings, ...late] };
}

const invalidDefinition = (errors: readonly Problem[]) =>
  refuse("invalid-definition", "Fix the problems listed under “errors”, then publish again.", {
    errors,
  });

const alreadyPublished = (version: number | null) =>
  refuse(
    "already-published",
    `The draft is the same as version ${version}, which is published. Change it, then publish again.`,
  );
