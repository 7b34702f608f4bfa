import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listSideEffectsContract } from "#/operations/runs/contract.ts";
import { listSideEffects } from "#/operations/runs/list-side-effects.ts";

export const GET = apiRoute(listSideEffectsContract, async ({ caller, params, query }) =>
  ok(await listSideEffects(caller, { ...params, ...query })),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
