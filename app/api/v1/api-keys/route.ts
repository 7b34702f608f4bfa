import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";
import { createApiKeyContract, listApiKeysContract } from "#/operations/api-keys/contract.ts";
import { createApiKey } from "#/operations/api-keys/create.ts";
import { listApiKeys } from "#/operations/api-keys/list.ts";

export const GET = apiRoute(listApiKeysContract, async ({ caller, query }) =>
  ok(await listApiKeys(caller, query)),
);

export const POST = apiRoute(createApiKeyContract, async ({ caller, body, newId: id, idempotencyKey }) =>
  created(await createApiKey(caller, { id, isRepeatable: idempotencyKey !== undefined, ...body })),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
