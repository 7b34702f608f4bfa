import { type ApiKey, listApiKeys as readApiKeys } from "#/db/api-keys.ts";
import type { Page } from "#/db/page.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { listApiKeysContract } from "#/operations/api-keys/contract.ts";
import type { Caller } from "#/operations/caller.ts";

/** Lists API keys, newest first: names, scopes and last use, never the keys themselves. */
export function listApiKeys(
  { tenant }: Caller,
  page: Input<typeof listApiKeysContract>,
): Promise<Page<ApiKey>> {
  return readApiKeys(tenant, page);
}
