import * as v from "valibot";
import { hashJson } from "#/lib/json-hash.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { type DraftCheck, makeDraftCheck, readDraftCheck } from "#/agents/definition/check/draft-check.ts";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { checkInWorkspace } from "#/operations/workflows/check-in-workspace.ts";
import { checkDraft } from "#/operations/workflows/draft.ts";
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
  const sound = { definition: parsed.output, warnings: check.warnings };
  return { ...shown, ...(await checkInWorkspace(tenant, sound, id)) };
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
