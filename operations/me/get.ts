import { apiKeyName } from "#/db/api-keys.ts";
import type { Tenant } from "#/db/client.ts";
import { getMember, getWorkspace, type Workspace } from "#/db/workspaces.ts";
import { type Permission, PERMISSIONS, type Role } from "#/lib/auth/permissions.ts";
import { allows, type Key, type Person } from "#/lib/auth/principal.ts";
import { env } from "#/lib/env.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";

interface Shown {
  readonly kind: "person" | "key";
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly imageUrl: string | null;
  readonly role: Role | null;
}

type Me = Shown & {
  readonly permissions: Permission[];
  readonly workspace: Workspace & { readonly region: string | null };
};

/** Returns who the caller is, what the caller may do, and the workspace. Refuses with `unavailable` while the workspace is being set up. */
export async function me({ tenant, principal }: Caller): Promise<Me | Refusal> {
  const workspace = await getWorkspace(tenant);
  if (!workspace)
    return refuse("unavailable", "This workspace is just being set up. Try again in a moment.", {
      headers: { "Retry-After": "1" },
    });
  const caller =
    principal.kind === "person" ? await showPerson(tenant, principal) : await showKey(tenant, principal);
  return {
    ...caller,
    permissions: PERMISSIONS.filter((permission) => allows(principal, permission)),
    workspace: { ...workspace, region: env().region ?? null },
  };
}

async function showPerson(tenant: Tenant, { kind, userId, role }: Person): Promise<Shown> {
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

async function showKey(tenant: Tenant, { kind, keyId }: Key): Promise<Shown> {
  return {
    kind,
    id: keyId,
    name: (await apiKeyName(tenant, keyId)) ?? null,
    email: null,
    imageUrl: null,
    role: null,
  };
}
