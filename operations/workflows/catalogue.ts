import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { Tenant } from "#/db/client.ts";
import { env } from "#/lib/env.ts";
import { readPrices } from "#/operations/prices/read.ts";
import { openTools } from "#/operations/tools/source.ts";

/** Returns what definitions of a workspace may name, and what models cost it today. Plain data: the editor gets it too. */
export async function readCatalogue(tenant: Tenant): Promise<Catalogue> {
  const [tools, prices] = await Promise.all([openTools(tenant).names(), readPrices(tenant, Date.now())]);
  return { tools, models: { standard: env().llm.model, ...prices } };
}
