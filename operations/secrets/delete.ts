import { deleteSecret as removeSecret } from "#/db/secrets.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { deleteSecretContract } from "#/operations/secrets/contract.ts";

/** Deletes a secret. Steps that name it fail from then on. Refuses with `not-found`. */
export async function deleteSecret(
  { tenant }: Caller,
  { name }: Input<typeof deleteSecretContract>,
): Promise<Refusal | undefined> {
  return (await removeSecret(tenant, name)) ? undefined : notFound("secret");
}
