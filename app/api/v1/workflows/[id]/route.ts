import { apiRoute } from "#/app/api/doors.ts";
import {
  archiveWorkflowContract,
  getWorkflowContract,
  updateWorkflowContract,
} from "#/operations/workflows/contract.ts";
import { readDraft } from "#/app/api/v1/workflows/draft.ts";
import { draftChanged, nameTaken, noSuchWorkflow, showWorkflow } from "#/app/api/v1/workflows/present.ts";
import { archiveWorkflow, updateWorkflow } from "#/db/workflows.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(getWorkflowContract, async ({ tenant, params }) => {
  const workflow = await showWorkflow(tenant, params.id);
  return workflow ? ok(workflow) : noSuchWorkflow;
});

export const PATCH = apiRoute(updateWorkflowContract, async ({ tenant, params, body }) => {
  const draft = body.definition === undefined ? undefined : readDraft(body.definition);
  const changed = await updateWorkflow(tenant, params.id, {
    name: body.name,
    draft,
    revision: body.revision,
  });
  if (changed === "draft-changed") return draftChanged;
  if (changed === "name-taken") return nameTaken(body.name ?? "");
  const workflow = await showWorkflow(tenant, params.id);
  return workflow ? ok(workflow) : noSuchWorkflow;
});

export const DELETE = apiRoute(archiveWorkflowContract, async ({ tenant, params }) =>
  (await archiveWorkflow(tenant, params.id)) ? done : noSuchWorkflow,
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
