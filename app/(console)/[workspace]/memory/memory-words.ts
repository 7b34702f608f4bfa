import type { MemoryScope } from "#/agents/vocabulary/memory.ts";

/** Who shares a fact, as people read it. */
export const SCOPE_WORDS: Readonly<Record<MemoryScope, string>> = {
  workspace: "The whole workspace",
  workflow: "A workflow",
  agent: "One agent",
};
