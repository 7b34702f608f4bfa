import { revokeApiKey as removeApiKey } from "#/db/api-keys.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { revokeApiKeyContract } from "#/operations/api-keys/contract.ts";
import { knownKeys } from "#/operations/api-keys/known.ts";
import type { Caller } from "#/operations/caller.ts";

/** Revokes an API key. This process refuses it at once, others within the seconds for which they remember keys. Refuses with `not-found`. */
export async function revokeApiKey(
  { tenant }: Caller,
  { id }: Input<typeof revokeApiKeyContract>,
): Promise<Refusal | undefined> {
  if (!(await removeApiKey(tenant, id))) return notFound("API key");
  await knownKeys.forget(id);
  return undefined;
}
