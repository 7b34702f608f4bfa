import { apiRoute } from "#/app/api/doors.ts";
import { createApiKeyContract, listApiKeysContract } from "#/app/api/v1/api-keys/contract.ts";
import { createApiKey, listApiKeys } from "#/db/api-keys.ts";
import { generateApiKey } from "#/lib/auth/api-key.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { newId } from "#/lib/id.ts";
import { created, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listApiKeysContract, async ({ tenant, query }) => ok(await listApiKeys(tenant, query)));

export const POST = apiRoute(createApiKeyContract, async ({ tenant, body }) => {
  const { key, hash, prefix } = generateApiKey();
  const stored = await createApiKey(tenant, { id: newId(), ...body, hash, prefix });
  return created({ ...stored, key, workspaceId: tenant.workspaceId });
});

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
