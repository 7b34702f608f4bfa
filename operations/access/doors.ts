import { nearest } from "#/agents/definition/problem.ts";
import { recordAudit } from "#/db/audit.ts";
import { database, type Tenant } from "#/db/client.ts";
import { forgetRequest, keepRequest } from "#/db/idempotency.ts";
import { findWebhook } from "#/db/webhooks.ts";
import { principalId } from "#/lib/auth/principal.ts";
import { cache } from "#/lib/cloud/cache.ts";
import { limitRequests } from "#/lib/cloud/limits.ts";
import type { ApiPorts } from "#/lib/http/api-route.ts";
import type { HookPorts } from "#/lib/http/hook-route.ts";
import { watchStrangers } from "#/lib/http/strangers.ts";
import { findBearer } from "#/operations/access/bearers.ts";
import { isWithin } from "#/operations/access/confinement.ts";
import { findPerson, openTenant, readRole } from "#/operations/access/people.ts";
import { knownKeys } from "#/operations/api-keys/known.ts";
import { openSecret } from "#/operations/webhooks/address.ts";

const strangers = watchStrangers(limitRequests);

/** The product as the door for people and API keys knows it. */
export const apiPorts: ApiPorts<Tenant> = {
  currentPerson: findPerson,
  findKey: knownKeys.find,
  knowsKey: knownKeys.knows,
  strangers,
  openTenant,
  limitRequests,
  nearest,
  currentRole: readRole,
  isWithin,
  keepRequest,
  forgetRequest,
  noteChange: async (tenant, event) => {
    await Promise.all([database().noteChange(tenant), cache().forgetAfter(event, tenant.workspaceId)]);
  },
  audit: (tenant, principal, change) =>
    recordAudit(tenant, { actor: { kind: principal.kind, id: principalId(principal) }, ...change }),
};

/** The product as the door for programs knows it: they bring an API key, or an access token of the person they act for. */
export const mcpPorts: ApiPorts<Tenant> = { ...apiPorts, currentPerson: findBearer };

/** The product as the door for senders of webhooks knows it. */
export const hookPorts: HookPorts<Tenant> = {
  findHook: async (tokenHash) => {
    const hook = await findWebhook(database(), tokenHash);
    return hook && { ...hook, secret: openSecret(hook.id, hook.secretSealed) };
  },
  openTenant: (workspaceId) => database().tenant({ workspaceId }),
  limitRequests,
  strangers,
};
