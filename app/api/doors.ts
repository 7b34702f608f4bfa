import "server-only";
import { findApiKey } from "#/db/api-keys.ts";
import { recordAudit } from "#/db/audit.ts";
import { database, type Tenant } from "#/db/client.ts";
import { findWebhook } from "#/db/webhooks.ts";
import { currentPrincipal, type Principal } from "#/lib/auth/principal.ts";
import { limitRequests } from "#/lib/cloud/limits.ts";
import { apiDoor } from "#/lib/http/api-route.ts";
import { hookDoor } from "#/lib/http/hook-route.ts";
import { openSecret } from "#/app/api/v1/webhooks/address.ts";

/** For people and API keys. */
export const apiRoute = apiDoor<Tenant>({
  currentPerson: currentPrincipal,
  findKey: (hash) => findApiKey(database(), hash),
  openTenant,
  limitRequests,
  audit: (tenant, principal, change) => recordAudit(tenant, { actor: { kind: principal.kind, id: idOf(principal) }, ...change }),
});

/** For senders of webhooks. */
export const hookRoute = hookDoor<Tenant>({
  findHook: async (tokenHash) => {
    const hook = await findWebhook(database(), tokenHash);
    return hook && { ...hook, secret: openSecret(hook.id, hook.secretSealed) };
  },
  openTenant: (workspaceId) => database().tenant({ workspaceId }),
  limitRequests,
});

function openTenant(principal: Principal): Tenant {
  const { workspaceId } = principal;
  return database().tenant(principal.kind === "person" ? { workspaceId, userId: principal.userId } : { workspaceId });
}

/** The user's or the key's. */
export function idOf(principal: Principal): string {
  return principal.kind === "person" ? principal.userId : principal.keyId;
}
