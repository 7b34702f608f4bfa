import { calculator } from "#/agents/tools/builtin/calculator.ts";
import { httpRequest } from "#/agents/tools/builtin/http-request.ts";
import { knowledgeSearch } from "#/agents/tools/builtin/knowledge-search.ts";
import type { Tool } from "#/agents/tools/tool.ts";

const TOOLS: readonly Tool[] = [knowledgeSearch, httpRequest, calculator];

/** The tool that definitions call `name`, if there is one. */
export function toolNamed(name: string): Tool | undefined {
  return TOOLS.find((tool) => tool.name === name);
}

/** The names a definition may use. */
export function toolNames(): readonly string[] {
  return TOOLS.map(({ name }) => name);
}
