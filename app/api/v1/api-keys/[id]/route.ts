import { apiKeys, apiRoute } from "#/app/api/doors.ts";
import { revokeApiKeyContract } from "#/operations/api-keys/contract.ts";
import { revokeApiKey } from "#/db/api-keys.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { done } from "#/lib/http/reply.ts";

export const DELETE = apiRoute(revokeApiKeyContract, async ({ tenant, params }) => {
  if (!(await revokeApiKey(tenant, params.id))) return notFound("API key");
  await apiKeys.forget(params.id);
  return done;
});

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
