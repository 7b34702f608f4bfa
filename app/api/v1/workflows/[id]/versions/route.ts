import { apiRoute } from "#/app/api/doors.ts";
import { listVersionsContract, publishVersionContract } from "#/app/api/v1/workflows/contract.ts";
import { checkDraft } from "#/app/api/v1/workflows/draft.ts";
import { noSuchWorkflow } from "#/app/api/v1/workflows/present.ts";
import { getWorkflow, listVersions, publishVersion } from "#/db/workflows.ts";
import { refuse } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";
import { created, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listVersionsContract, async ({ tenant, params, query }) => {
  const page = await listVersions(tenant, params.id, query);
  return page ? ok(page) : noSuchWorkflow;
});

export const POST = apiRoute(publishVersionContract, async ({ tenant, params }) => {
  const workflow = await getWorkflow(tenant, params.id);
  if (!workflow) return noSuchWorkflow;
  const checked = checkDraft(workflow.draftText);
  if (!checked.ok) {
    return refuse("invalid-definition", "Mend the problems that are listed under “errors”, then publish again.", { errors: checked.problems });
  }
  const { definition } = checked;
  const version = await publishVersion(tenant, params.id, { versionId: newId(), kind: definition.kind, definition, source: workflow.draftText });
  return version ? created(version) : noSuchWorkflow;
});
