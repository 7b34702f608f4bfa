import type { Actor } from "#/operations/actor.ts";
import { idOf } from "#/app/api/doors.ts";
import { apiKeyName } from "#/db/api-keys.ts";
import type { Tenant } from "#/db/client.ts";
import { getMember } from "#/db/workspaces.ts";
import type { Principal } from "#/lib/auth/principal.ts";

/** The caller with the name that others know them by. */
export async function actorOf(tenant: Tenant, principal: Principal): Promise<Actor> {
  const name =
    principal.kind === "person"
      ? (await getMember(tenant, principal.userId))?.name
      : await apiKeyName(tenant, principal.keyId);
  return { kind: principal.kind, id: idOf(principal), ...(name && { name }) };
}
