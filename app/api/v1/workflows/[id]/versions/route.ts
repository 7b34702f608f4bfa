import type { Problem } from "#/agents/definition/problem.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { listVersionsContract, publishVersionContract } from "#/operations/workflows/contract.ts";
import { checkDraft } from "#/app/api/v1/workflows/draft.ts";
import { checkReferences } from "#/app/api/v1/workflows/references.ts";
import { draftChanged, noSuchWorkflow } from "#/app/api/v1/workflows/present.ts";
import { scheduleWarnings } from "#/app/api/v1/workflows/schedule-warnings.ts";
import { listVersions, publishVersion } from "#/db/versions.ts";
import { getWorkflow } from "#/db/workflows.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { refuse } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";
import { created, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listVersionsContract, async ({ tenant, params, query }) => {
  const page = await listVersions(tenant, params.id, query);
  return page ? ok(page) : noSuchWorkflow;
});

export const POST = apiRoute(publishVersionContract, async ({ tenant, params, body }) => {
  const workflow = await getWorkflow(tenant, params.id);
  if (!workflow) return noSuchWorkflow;
  if (body.revision !== undefined && body.revision !== workflow.revision) return draftChanged;
  const checked = checkDraft(workflow.draftText);
  if (!checked.ok) return invalidDefinition(checked.problems);
  const { definition } = checked;
  const references = await checkReferences(tenant, definition);
  if (references.problems.length > 0) return invalidDefinition(references.problems);
  const version = await publishVersion(tenant, params.id, {
    versionId: newId(),
    kind: definition.kind,
    definition,
    source: workflow.draftText,
  });
  if (version === "not-found") return noSuchWorkflow;
  if (version === "unchanged")
    return refuse(
      "already-published",
      `The draft is the same as version ${workflow.publishedVersion}, which is published. Change it, then publish again.`,
    );
  return created({
    ...version,
    warnings: [
      ...checked.warnings,
      ...references.warnings,
      ...(await scheduleWarnings(tenant, params.id, definition.input)),
    ],
  });
});

const invalidDefinition = (errors: readonly Problem[]) =>
  refuse("invalid-definition", "Mend the problems that are listed under “errors”, then publish again.", {
    errors,
  });

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
