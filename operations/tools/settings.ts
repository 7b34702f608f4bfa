import type { FindSettings } from "#/agents/tools/settings.ts";
import type { Tenant } from "#/db/client.ts";
import { findToolSettings } from "#/db/tools.ts";

/** Returns what finds the rules and limits that a workspace has set for its tools. */
export const findSettings =
  (tenant: Tenant): FindSettings =>
  async (names) =>
    new Map(
      (await findToolSettings(tenant, names)).map(({ name, policy, limits }) => [
        name,
        { policy: policy ?? undefined, limits },
      ]),
    );
