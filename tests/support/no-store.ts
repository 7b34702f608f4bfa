import type { StorePort } from "#/agents/tools/store-port.ts";

/** For runs that keep nothing for each other. */
export const NO_STORE: StorePort = {
  get: async () => null,
  put: async () => ({ stored: true, revision: 1 }),
  delete: async () => false,
  list: async () => [],
};
