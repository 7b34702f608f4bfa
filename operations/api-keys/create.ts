import { type ApiKey, createApiKey as insertApiKey } from "#/db/api-keys.ts";
import type { Tenant } from "#/db/client.ts";
import { existingWorkflows } from "#/db/workflows.ts";
import { deriveApiKey, generateApiKey } from "#/lib/auth/api-key.ts";
import { confinedTo, listPermissions, workflowScope } from "#/lib/auth/permissions.ts";
import { allows, type Principal } from "#/lib/auth/principal.ts";
import { env } from "#/lib/env.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Problem } from "#/lib/http/wire.ts";
import type { createApiKeyContract } from "#/operations/api-keys/contract.ts";
import { explainExpiry, readExpiry } from "#/operations/api-keys/expiry.ts";
import type { Caller } from "#/operations/caller.ts";

type NewApiKey = Input<typeof createApiKeyContract> & {
  readonly id: string;
  /** True if the same request may come again, and is to get the same answer. */
  readonly isRepeatable: boolean;
};
type CreatedApiKey = ApiKey & { readonly key: string; readonly workspaceId: string };

/**
 * Creates an API key; this answer alone contains it, we keep its hash. Refuses with `forbidden` for scopes that are more than the caller may do, with
 * `invalid-request` for workflows that there are not and an end that cannot be, and with `wrong-status` where it was made before SECRETS_KEY was changed.
 */
export async function createApiKey(
  { tenant, principal }: Caller,
  { id, isRepeatable, ...asked }: NewApiKey,
): Promise<CreatedApiKey | Refusal> {
  const errors = asked.scopes.flatMap((scope, index) =>
    listPermissions(scope).every((permission) => allows(principal, permission))
      ? []
      : [{ path: `/scopes/${index}`, message: `“${scope}” is more than you may do yourself.` }],
  );
  if (errors.length > 0)
    return refuse("forbidden", "A key may do no more than whoever makes it.", { errors });
  const expiresAt = readExpiry(asked.expiresAt);
  const misfits = [
    ...expiryProblems(expiresAt, principal),
    ...(await confinementProblems(tenant, asked.scopes)),
  ];
  if (misfits.length > 0)
    return refuse("invalid-request", "Fix the fields and try again.", { errors: misfits });
  const { key, hash, prefix } = isRepeatable ? deriveApiKey(env().secretsKey, id) : generateApiKey();
  const { hash: storedHash, ...stored } = await insertApiKey(tenant, {
    ...asked,
    id,
    hash,
    prefix,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  });
  if (storedHash !== hash)
    return refuse(
      "wrong-status",
      "This key was made, but cannot be shown again. Revoke it and make another.",
    );
  return { ...stored, key, workspaceId: tenant.workspaceId };
}

function expiryProblems(expiresAt: number | null, principal: Principal): readonly Problem[] {
  const makerExpiresAt = principal.kind === "key" ? principal.expiresAt : null;
  const message = explainExpiry(expiresAt, { now: Date.now(), makerExpiresAt });
  return message === undefined ? [] : [{ path: "/expiresAt", message }];
}

/** Lists the problems of scopes that confine a key to workflows. */
async function confinementProblems(tenant: Tenant, scopes: readonly string[]): Promise<readonly Problem[]> {
  const workflows = confinedTo(scopes);
  if (!workflows) return [];
  if (workflows.length === scopes.length)
    return [{ path: "/scopes", message: "Say what the key may do there, too: add “run”, for example." }];
  const known = await existingWorkflows(tenant, workflows);
  return scopes.flatMap((scope, index) =>
    workflows.some((id) => scope === workflowScope(id) && !known.has(id))
      ? [{ path: `/scopes/${index}`, message: "There is no such workflow in this workspace." }]
      : [],
  );
}
