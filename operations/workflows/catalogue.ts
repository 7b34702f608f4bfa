import type { Catalogue } from "#/agents/definition/check/validate.ts";
import { toolNames } from "#/agents/tools/catalogue.ts";
import { env } from "#/lib/env.ts";

/** What definitions may name in this deployment, and what its models cost. Plain data: the editor gets it too. */
export function readCatalogue(): Catalogue {
  const { model, prices } = env().llm;
  return { tools: toolNames(), models: { standard: model, prices } };
}
