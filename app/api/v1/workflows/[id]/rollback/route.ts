import { apiRoute } from "#/app/api/doors.ts";
import { rollbackContract } from "#/operations/workflows/contract.ts";
import { noSuchWorkflow, showWorkflow } from "#/app/api/v1/workflows/present.ts";
import { rollbackWorkflow } from "#/db/versions.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const POST = apiRoute(rollbackContract, async ({ tenant, params, body }) => {
  if (!(await rollbackWorkflow(tenant, params.id, body.version))) return notFound("workflow or version");
  const workflow = await showWorkflow(tenant, params.id);
  return workflow ? ok(workflow) : noSuchWorkflow;
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
