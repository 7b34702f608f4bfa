import * as v from "valibot";
import { hashJson } from "#/lib/json-hash.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { type DraftCheck, makeDraftCheck, readDraftCheck } from "#/agents/definition/check/draft-check.ts";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { checkDraft } from "#/operations/workflows/draft.ts";
import { fileWarnings } from "#/operations/workflows/file-warnings.ts";
import { checkReferences } from "#/operations/workflows/references.ts";
import { scheduleWarnings } from "#/operations/workflows/schedule-warnings.ts";
import { secretWarnings } from "#/operations/workflows/secret-warnings.ts";
import type { Tenant } from "#/db/client.ts";
import { getWorkflow, storeDraftCheck, type Workflow } from "#/db/workflows.ts";

export type ShownWorkflow = Omit<Workflow, "draft" | "draftCheck"> & {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
};

/** Shows a workflow as callers see it: its draft as text, with what keeps the draft from being published. */
export async function showWorkflow(tenant: Tenant, id: string): Promise<ShownWorkflow | undefined> {
  const workflow = await getWorkflow(tenant, id);
  if (!workflow) return undefined;
  const { draft, draftCheck: _, ...shown } = workflow;
  const catalogue = await readCatalogue(tenant);
  const check =
    readDraftCheck(workflow.draftCheck, hashJson(catalogue)) ??
    (await checkAnew(tenant, workflow, catalogue));
  const parsed = check.problems.length > 0 ? undefined : v.safeParse(Definition, draft);
  if (!parsed?.success) return { ...shown, problems: check.problems, warnings: [] };
  const { problems, warnings } = await checkReferences(tenant, parsed.output);
  return {
    ...shown,
    problems,
    warnings: [...check.warnings, ...warnings, ...(await findWarnings(tenant, id, parsed.output))],
  };
}

/** The rules have changed since the draft was checked. */
async function checkAnew(
  tenant: Tenant,
  { id, revision, draftText }: Workflow,
  catalogue: Catalogue,
): Promise<DraftCheck> {
  const check = makeDraftCheck(checkDraft(draftText, catalogue), hashJson(catalogue));
  await storeDraftCheck(tenant, id, { revision, check });
  return check;
}

/** Lists what does not keep a definition from being published and will fail when it runs. */
async function findWarnings(
  tenant: Tenant,
  workflowId: string,
  definition: Definition,
): Promise<readonly Problem[]> {
  return (
    await Promise.all([
      secretWarnings(tenant, definition),
      fileWarnings(tenant, definition),
      scheduleWarnings(tenant, workflowId, definition.input),
    ])
  ).flat();
}
