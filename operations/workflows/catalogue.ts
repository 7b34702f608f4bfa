import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { Tenant } from "#/db/client.ts";
import { env } from "#/lib/env.ts";
import { openTools } from "#/operations/tools/source.ts";

/** Returns what definitions of a workspace may name, and what the models of this deployment cost. Plain data: the editor gets it too. */
export async function readCatalogue(tenant: Tenant): Promise<Catalogue> {
  const { model, prices } = env().llm;
  return { tools: await openTools(tenant).names(), models: { standard: model, prices } };
}
