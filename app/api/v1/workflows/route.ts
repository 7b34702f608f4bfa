import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";
import { createWorkflowContract, listWorkflowsContract } from "#/operations/workflows/contract.ts";
import { createWorkflow } from "#/operations/workflows/create.ts";
import { listWorkflows } from "#/operations/workflows/list.ts";

export const GET = apiRoute(listWorkflowsContract, async ({ caller, query }) =>
  ok(await listWorkflows(caller, query)),
);

export const POST = apiRoute(createWorkflowContract, async ({ caller, body, newId: id }) =>
  created(await createWorkflow(caller, { id, ...body })),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
