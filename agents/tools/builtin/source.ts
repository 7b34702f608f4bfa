import { calculator } from "#/agents/tools/builtin/calculator.ts";
import { httpRequest } from "#/agents/tools/builtin/http-request.ts";
import { knowledgeSearch } from "#/agents/tools/builtin/knowledge-search.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Tool } from "#/agents/tools/tool.ts";

const TOOLS: readonly Tool[] = [knowledgeSearch, httpRequest, calculator];

/** The tools that every workspace has. */
export const builtInTools: ToolSource = {
  find: async (names) => TOOLS.filter(({ name }) => names.includes(name)),
  names: async () => builtInNames(),
};

/** The names of the tools that every workspace has. */
export const builtInNames = (): readonly string[] => TOOLS.map(({ name }) => name);
