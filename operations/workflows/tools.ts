import { builtInTools } from "#/agents/tools/builtin/source.ts";
import type { ToolSource } from "#/agents/tools/source.ts";

/** The tools of a workspace. So far every workspace has the same. */
export function toolsOf(_workspace: { readonly workspaceId: string }): ToolSource {
  return builtInTools;
}
