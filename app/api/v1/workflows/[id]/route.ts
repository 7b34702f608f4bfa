import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import {
  archiveWorkflowContract,
  getWorkflowContract,
  updateWorkflowContract,
} from "#/operations/workflows/contract.ts";
import { archiveWorkflow } from "#/operations/workflows/archive.ts";
import { getWorkflow } from "#/operations/workflows/get.ts";
import { updateWorkflow } from "#/operations/workflows/update.ts";

export const GET = apiRoute(getWorkflowContract, async ({ caller, params }) =>
  ok(await getWorkflow(caller, params)),
);

export const PATCH = apiRoute(updateWorkflowContract, async ({ caller, params, body }) =>
  ok(await updateWorkflow(caller, { ...params, ...body })),
);

export const DELETE = apiRoute(archiveWorkflowContract, async ({ caller, params }) =>
  done(await archiveWorkflow(caller, params)),
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
