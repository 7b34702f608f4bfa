import { builtInTools } from "#/agents/tools/builtin/source.ts";
import { joinSources, type ToolSource } from "#/agents/tools/source.ts";
import type { Tenant } from "#/db/client.ts";

/** Returns the tools of a workspace, as they are now, wherever they come from. */
export function toolsOf(_tenant: Tenant): ToolSource {
  return joinSources([builtInTools]);
}
