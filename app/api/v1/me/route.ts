import { apiRoute } from "#/app/api/doors.ts";
import { meContract } from "#/operations/me/contract.ts";
import { apiKeyName } from "#/db/api-keys.ts";
import type { Tenant } from "#/db/client.ts";
import { getMember, getWorkspace } from "#/db/workspaces.ts";
import { PERMISSIONS } from "#/lib/auth/permissions.ts";
import { allows, type Key, type Person } from "#/lib/auth/principal.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { refuse } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(meContract, async ({ tenant, principal }) => {
  const workspace = await getWorkspace(tenant);
  if (!workspace)
    return refuse("unavailable", "This workspace is just being set up. Try again in a moment.", {
      headers: { "Retry-After": "1" },
    });
  const caller =
    principal.kind === "person" ? await showPerson(tenant, principal) : await showKey(tenant, principal);
  return ok({
    ...caller,
    permissions: PERMISSIONS.filter((permission) => allows(principal, permission)),
    workspace,
  });
});

async function showPerson(tenant: Tenant, { kind, userId, role }: Person) {
  const member = await getMember(tenant, userId);
  return {
    kind,
    id: userId,
    name: member?.name ?? null,
    email: member?.email ?? null,
    imageUrl: member?.imageUrl ?? null,
    role,
  };
}

async function showKey(tenant: Tenant, { kind, keyId }: Key) {
  return {
    kind,
    id: keyId,
    name: (await apiKeyName(tenant, keyId)) ?? null,
    email: null,
    imageUrl: null,
    role: null,
  };
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
