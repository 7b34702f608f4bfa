import type { Catalogue } from "#/agents/definition/validate.ts";
import { toolNames } from "#/agents/tools/catalogue.ts";

/** What definitions may name in this deployment. */
export const catalogue: Catalogue = { tools: toolNames() };
