import type { Actor } from "#/operations/actor.ts";
import { apiKeyName } from "#/db/api-keys.ts";
import type { Tenant } from "#/db/client.ts";
import { getMember } from "#/db/workspaces.ts";
import { type Principal, principalId } from "#/lib/auth/principal.ts";

/** The one who asks for an operation, with the handle that confines it to their workspace. Doors see to it that the caller may ask. */
export interface Caller {
  readonly tenant: Tenant;
  readonly principal: Principal;
}

/** Finds the name that others know the caller by. */
export async function findActor({ tenant, principal }: Caller): Promise<Actor> {
  const name =
    principal.kind === "person"
      ? (await getMember(tenant, principal.userId))?.name
      : await apiKeyName(tenant, principal.keyId);
  return { kind: principal.kind, id: principalId(principal), ...(name && { name }) };
}
