import * as v from "valibot";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { type DraftCheck, draftCheckOf, readDraftCheck } from "#/agents/definition/check/draft-check.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { checkDraft } from "#/app/api/v1/workflows/draft.ts";
import { checkReferences } from "#/app/api/v1/workflows/references.ts";
import { scheduleWarnings } from "#/app/api/v1/workflows/schedule-warnings.ts";
import { secretWarnings } from "#/app/api/v1/workflows/secret-warnings.ts";
import type { Tenant } from "#/db/client.ts";
import { getWorkflow, storeDraftCheck, type Workflow } from "#/db/workflows.ts";
import { notFound, refuse } from "#/lib/http/problem.ts";

/** A workflow as the API shows it: its draft as text, with what keeps it from being published. */
export async function showWorkflow(tenant: Tenant, id: string) {
  const workflow = await getWorkflow(tenant, id);
  if (!workflow) return undefined;
  const { draft, draftCheck: _, ...shown } = workflow;
  const check = readDraftCheck(workflow.draftCheck, readCatalogue()) ?? (await checkAnew(tenant, workflow));
  const parsed = check.problems.length > 0 ? undefined : v.safeParse(Definition, draft);
  if (!parsed?.success) return { ...shown, problems: check.problems, warnings: [] };
  const { problems, warnings } = await checkReferences(tenant, parsed.output);
  return {
    ...shown,
    problems,
    warnings: [...check.warnings, ...warnings, ...(await warningsOf(tenant, id, parsed.output))],
  };
}

/** The rules have changed since the draft was checked. */
async function checkAnew(tenant: Tenant, { id, revision, draftText }: Workflow): Promise<DraftCheck> {
  const check = draftCheckOf(checkDraft(draftText), readCatalogue());
  await storeDraftCheck(tenant, id, { revision, check });
  return check;
}

/** What does not keep a definition from being published and will fail when it runs. */
async function warningsOf(
  tenant: Tenant,
  workflowId: string,
  definition: Definition,
): Promise<readonly Problem[]> {
  return (
    await Promise.all([
      secretWarnings(tenant, definition),
      scheduleWarnings(tenant, workflowId, definition.input),
    ])
  ).flat();
}

/** Workflow steps name other workflows: a name stands for one of them. */
export const nameTaken = (name: string) =>
  refuse("name-taken", `Another workflow is called “${name}”. Choose another name.`, {
    errors: [{ path: "/name", message: `Another workflow is called “${name}”.` }],
  });

export const noSuchWorkflow = notFound("workflow");

/** Somebody else, or another tab, has saved since. Nothing is overwritten without being asked. */
export const draftChanged = refuse(
  "draft-changed",
  "The draft has been changed since you read it. Read it again, or leave “revision” out to replace it.",
);
