import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done } from "#/lib/http/reply.ts";
import { revokeApiKeyContract } from "#/operations/api-keys/contract.ts";
import { revokeApiKey } from "#/operations/api-keys/revoke.ts";

export const DELETE = apiRoute(revokeApiKeyContract, async ({ caller, params }) =>
  done(await revokeApiKey(caller, params)),
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
