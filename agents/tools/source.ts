import type { Tool } from "#/agents/tools/tool.ts";

/** The tools of one workspace, as they are now. */
export interface ToolSource {
  /** Returns the tools that exist among `names`, in the order of the names. */
  readonly find: (names: readonly string[]) => Promise<readonly Tool[]>;
}
