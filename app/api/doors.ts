import "server-only";
import { nearest } from "#/agents/definition/problem.ts";
import { recordAudit } from "#/db/audit.ts";
import { database, type Tenant } from "#/db/client.ts";
import { provisionWorkspace } from "#/db/identity.ts";
import { forgetRequest, keepRequest } from "#/db/idempotency.ts";
import { findWebhook } from "#/db/webhooks.ts";
import { getMember } from "#/db/workspaces.ts";
import type { Role } from "#/lib/auth/permissions.ts";
import { knownKeys } from "#/operations/api-keys/known.ts";
import {
  currentPrincipal,
  type Person,
  personBehind,
  type Principal,
  principalId,
} from "#/lib/auth/principal.ts";
import { limitRequests } from "#/lib/cloud/limits.ts";
import { apiDoor } from "#/lib/http/api-route.ts";
import { Memory } from "#/lib/memory.ts";
import { hookDoor } from "#/lib/http/hook-route.ts";
import { watchStrangers } from "#/lib/http/strangers.ts";
import { openSecret } from "#/operations/webhooks/address.ts";

const strangers = watchStrangers(limitRequests);

/** For people and API keys. */
export const apiRoute = apiDoor<Tenant>({
  currentPerson: knownPerson,
  findKey: knownKeys.find,
  knowsKey: knownKeys.knows,
  strangers,
  openTenant,
  limitRequests,
  nearest,
  currentRole,
  keepRequest,
  forgetRequest,
  audit: (tenant, principal, change) =>
    recordAudit(tenant, { actor: { kind: principal.kind, id: principalId(principal) }, ...change }),
});

/** For senders of webhooks. */
export const hookRoute = hookDoor<Tenant>({
  findHook: async (tokenHash) => {
    const hook = await findWebhook(database(), tokenHash);
    return hook && { ...hook, secret: openSecret(hook.id, hook.secretSealed) };
  },
  openTenant: (workspaceId) => database().tenant({ workspaceId }),
  limitRequests,
  strangers,
});

/** People whose rows this process has seen to. */
const provisioned = new Memory<true>({ keptMs: 600_000, most: 10_000 });

/** A first call may come before the identity provider's webhook: then the person's rows are made from what the token says. */
async function knownPerson(): Promise<Person | undefined> {
  const person = await currentPrincipal();
  if (!person) return undefined;
  const key = `${person.workspaceId} ${person.userId} ${person.role}`;
  if (!provisioned.get(key)) {
    await provisionWorkspace(database().system, person);
    provisioned.set(key, true);
  }
  return person;
}

async function currentRole(principal: Principal): Promise<Role | undefined> {
  return (await getMember(openTenant(principal), personBehind(principal)))?.role;
}

function openTenant(principal: Principal): Tenant {
  return database().tenant({ workspaceId: principal.workspaceId, userId: personBehind(principal) });
}
