import type { TokenKeeper } from "#/agents/connections/connection.ts";

/** For connections that sign in by other means than OAuth. */
export const noTokens: TokenKeeper = {
  find: () => Promise.reject(new Error("This connection has no tokens.")),
  refuse: async () => undefined,
};
