import { apiRoute } from "#/app/api/doors.ts";
import { createWorkflowContract, listWorkflowsContract } from "#/operations/workflows/contract.ts";
import { readDraft } from "#/app/api/v1/workflows/draft.ts";
import { nameTaken, noSuchWorkflow, showWorkflow } from "#/app/api/v1/workflows/present.ts";
import { createWorkflow, listWorkflows } from "#/db/workflows.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listWorkflowsContract, async ({ tenant, query }) =>
  ok(await listWorkflows(tenant, query)),
);

export const POST = apiRoute(createWorkflowContract, async ({ tenant, body, newId: id }) => {
  const stored = await createWorkflow(tenant, { id, name: body.name, draft: readDraft(body.definition) });
  if (stored === "name-taken") return nameTaken(body.name);
  const workflow = await showWorkflow(tenant, id);
  return workflow ? created(workflow) : noSuchWorkflow;
});

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
