import { bindSecret as saveHosts, type SecretInfo } from "#/db/secrets.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { bindSecretContract } from "#/operations/secrets/contract.ts";

/** Replaces the hosts that a secret may be sent to; its value stays. Steps under way keep to the hosts they have read. Refuses with `not-found`. */
export async function bindSecret(
  { tenant }: Caller,
  { name, hosts }: Input<typeof bindSecretContract>,
): Promise<SecretInfo | Refusal> {
  return (await saveHosts(tenant, name, hosts)) ?? notFound("secret");
}
