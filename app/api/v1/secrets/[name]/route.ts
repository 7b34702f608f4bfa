import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import {
  bindSecretContract,
  deleteSecretContract,
  putSecretContract,
} from "#/operations/secrets/contract.ts";
import { bindSecret } from "#/operations/secrets/bind.ts";
import { deleteSecret } from "#/operations/secrets/delete.ts";
import { putSecret } from "#/operations/secrets/put.ts";

export const PUT = apiRoute(putSecretContract, async ({ caller, params, body }) =>
  ok(await putSecret(caller, { ...params, ...body })),
);

export const PATCH = apiRoute(bindSecretContract, async ({ caller, params, body }) =>
  ok(await bindSecret(caller, { ...params, ...body })),
);

export const DELETE = apiRoute(deleteSecretContract, async ({ caller, params }) =>
  done(await deleteSecret(caller, params)),
);

export const { GET, POST, OPTIONS } = otherMethods("PUT", "PATCH", "DELETE");
