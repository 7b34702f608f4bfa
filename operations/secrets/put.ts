import { sealSecret } from "#/operations/secrets/seal.ts";
import { hostsOfSecret, putSecret as saveSecret, type SecretInfo } from "#/db/secrets.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { putSecretContract } from "#/operations/secrets/contract.ts";

/**
 * Sets a secret's value, sealed for its name in its workspace. Without `hosts` it keeps the hosts it has. Refuses with `invalid-request` when
 * nobody has said yet where the secret may be sent.
 */
export async function putSecret(
  { tenant }: Caller,
  { name, value, hosts }: Input<typeof putSecretContract>,
): Promise<SecretInfo | Refusal> {
  if (hosts === undefined && !(await hostsOfSecret(tenant, name))) return UNBOUND;
  const sealed = sealSecret({ workspaceId: tenant.workspaceId, name }, value);
  return saveSecret(tenant, { name, sealed, hosts: hosts ?? null });
}

const UNBOUND = refuse("invalid-request", "Say where the secret may be sent.", {
  errors: [
    {
      path: "/hosts",
      message: 'is missing: list the hosts this secret may be sent to, such as ["api.example.com"]',
    },
  ],
});
