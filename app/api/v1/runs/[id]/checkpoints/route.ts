import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listCheckpointsContract } from "#/operations/runs/contract.ts";
import { listCheckpoints } from "#/operations/runs/list-checkpoints.ts";

export const GET = apiRoute(listCheckpointsContract, async ({ caller, params, query }) =>
  ok(await listCheckpoints(caller, { ...params, ...query })),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
