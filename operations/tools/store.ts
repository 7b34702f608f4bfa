import type { StorePort } from "#/agents/tools/store-port.ts";
import type { Tenant } from "#/db/client.ts";
import { deleteEntry, getEntry, listEntries, putEntry } from "#/db/store.ts";

/** Opens the kept values of a workspace. */
export const makeStore = (tenant: Tenant): StorePort => ({
  get: (namespace, key) => getEntry(tenant, namespace, key),
  put: (namespace, key, entry) => putEntry(tenant, { namespace, key }, entry),
  delete: (namespace, key) => deleteEntry(tenant, namespace, key),
  list: (namespace, page) => listEntries(tenant, namespace, page),
});
