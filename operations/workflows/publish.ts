import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { AuditEntry } from "#/db/audit.ts";
import { publishVersion as storeVersion, type VersionDetail } from "#/db/versions.ts";
import { getWorkflow, type Workflow } from "#/db/workflows.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";
import type { Caller } from "#/operations/caller.ts";
import type { publishVersionContract } from "#/operations/workflows/contract.ts";
import { compileDraft } from "#/operations/workflows/compile-draft.ts";
import { draftChanged, invalidDefinition, noSuchWorkflow } from "#/operations/workflows/refusals.ts";
import { checkRuleOfTwo, overrideRuleOfTwo } from "#/operations/workflows/rule-of-two.ts";

type Published = VersionDetail & { readonly warnings: readonly Problem[] };

/**
 * Publishes the draft as a new immutable version, which runs from now on, with warnings of what will fail all the same. Refuses with
 * `not-found`, with `draft-changed` when the draft is not at the given revision any more, with `invalid-definition` and every problem of the
 * draft, with `rule-of-two` where private data, content from outside and an action on the outside meet without a person and no admin says why they
 * may, and with `already-published` when nothing has changed since.
 */
export async function publishVersion(
  caller: Caller,
  { id, revision, override }: Input<typeof publishVersionContract>,
): Promise<Published | Refusal> {
  const { tenant } = caller;
  const workflow = await getWorkflow(tenant, id);
  if (!workflow) return noSuchWorkflow;
  if (revision !== undefined && revision !== workflow.revision) return draftChanged;
  const checked = await checkPublication(caller, workflow, override?.reason);
  if ("refused" in checked) return checked;
  const { definition, overridden } = checked;
  const version = await storeVersion(tenant, id, {
    versionId: newId(),
    kind: definition.kind,
    definition,
    source: workflow.draftText,
    overridden,
  });
  if (version === "not-found") return noSuchWorkflow;
  if (version === "unchanged") return alreadyPublished(workflow.publishedVersion);
  return { ...version, warnings: checked.warnings };
}

interface Publishable {
  readonly definition: Definition;
  readonly warnings: readonly Problem[];
  /** The rule that an admin has overridden, for the audit log. */
  readonly overridden: AuditEntry | undefined;
}

async function checkPublication(
  caller: Caller,
  workflow: Workflow,
  reason: string | undefined,
): Promise<Publishable | Refusal> {
  const { tenant } = caller;
  const compiled = await compileDraft(tenant, workflow);
  if (!compiled.ok) return invalidDefinition("publish", compiled.problems);
  const { definition, warnings } = compiled;
  const meetings = await checkRuleOfTwo(tenant, definition, workflow.id);
  if (meetings.length === 0) return { definition, warnings, overridden: undefined };
  const overridden = await overrideRuleOfTwo(caller, workflow.id, { meetings, reason });
  return "refused" in overridden ? overridden : { definition, warnings, overridden };
}

const alreadyPublished = (version: number | null) =>
  refuse(
    "already-published",
    `The draft is the same as version ${version}, which is published. Change it, then publish again.`,
  );
