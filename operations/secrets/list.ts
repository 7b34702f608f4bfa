import { listSecrets as readSecrets, type SecretInfo } from "#/db/secrets.ts";
import type { Caller } from "#/operations/caller.ts";

/** Lists the secrets of the workspace with the hosts each may be sent to. Values never come out again. */
export async function listSecrets({ tenant }: Caller): Promise<{ readonly items: readonly SecretInfo[] }> {
  return { items: await readSecrets(tenant) };
}
