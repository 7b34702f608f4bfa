import { apiRoute } from "#/app/api/doors.ts";
import { createApiKeyContract, listApiKeysContract } from "#/operations/api-keys/contract.ts";
import { createApiKey, listApiKeys } from "#/db/api-keys.ts";
import { generateApiKey } from "#/lib/auth/api-key.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { permissionsOf } from "#/lib/auth/permissions.ts";
import { allows } from "#/lib/auth/principal.ts";
import { refuse } from "#/lib/http/problem.ts";
import { created, ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listApiKeysContract, async ({ tenant, query }) =>
  ok(await listApiKeys(tenant, query)),
);

export const POST = apiRoute(createApiKeyContract, async ({ tenant, principal, body, newId: id }) => {
  const errors = body.scopes.flatMap((scope, index) =>
    permissionsOf(scope).every((permission) => allows(principal, permission))
      ? []
      : [{ path: `/scopes/${index}`, message: `“${scope}” is more than you may do yourself.` }],
  );
  if (errors.length > 0)
    return refuse("forbidden", "A key may do no more than whoever makes it.", { errors });
  const { key, hash, prefix } = generateApiKey();
  const stored = await createApiKey(tenant, { id, ...body, hash, prefix });
  return created({ ...stored, key, workspaceId: tenant.workspaceId });
});

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
