import { toolNamed } from "#/agents/tools/catalogue.ts";
import type { ToolSource } from "#/agents/tools/source.ts";

/** The tools that every workspace has. */
export const builtInTools: ToolSource = {
  find: async (names) =>
    names.flatMap((name) => {
      const tool = toolNamed(name);
      return tool ? [tool] : [];
    }),
};
