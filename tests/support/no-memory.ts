import type { MemoryPort } from "#/agents/memory/memory-ports.ts";
import type { ToolMemory } from "#/agents/tools/tool.ts";

/** For agents that remember nothing. */
export const NO_MEMORY: MemoryPort = { recall: async () => [], save: async () => [] };

/** For tools of such agents. */
export const NO_TOOL_MEMORY: ToolMemory = {
  search: async () => [],
  save: async ({ text }) => ({ id: "fact", text, isNew: true, replaced: [] }),
};
