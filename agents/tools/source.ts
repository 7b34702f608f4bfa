import type { Tool } from "#/agents/tools/tool.ts";

/** Tools of one workspace, as they are now. */
export interface ToolSource {
  /** Returns the tools that exist among `names`. */
  readonly find: (names: readonly string[]) => Promise<readonly Tool[]>;
  /** Returns the names of all of them. */
  readonly names: () => Promise<readonly string[]>;
}

/**
 * Returns the tools of several sources as those of one. A name belongs to the first source that has it, and a source is asked only for
 * what those before it have not.
 */
export function joinSources(sources: readonly ToolSource[]): ToolSource {
  return {
    find: async (names) => {
      const found = new Map<string, Tool>();
      for (const source of sources) {
        const missing = names.filter((name) => !found.has(name));
        if (missing.length === 0) break;
        for (const tool of await source.find(missing)) found.set(tool.name, tool);
      }
      return names.flatMap((name) => found.get(name) ?? []);
    },
    names: async () => [...new Set((await Promise.all(sources.map((source) => source.names()))).flat())],
  };
}
