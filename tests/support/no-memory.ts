import type { MemoryPort } from "#/agents/memory/memory-ports.ts";

/** For agents that remember nothing. */
export const NO_MEMORY: MemoryPort = { recall: async () => [], save: async () => [] };
