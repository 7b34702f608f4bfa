import { builtInTools } from "#/agents/tools/builtin/source.ts";
import { settledSource } from "#/agents/tools/settings.ts";
import { openMcpTools } from "#/operations/mcp-servers/tool-source.ts";
import { joinSources, type ToolSource } from "#/agents/tools/source.ts";
import type { Tenant } from "#/db/client.ts";
import { declaredTools } from "#/operations/tools/declared-tools.ts";
import { skillTools } from "#/operations/tools/skill-tools.ts";
import { workflowTools } from "#/operations/tools/workflow-tools.ts";
import { findSettings } from "#/operations/tools/settings.ts";

/** Returns the tools of a workspace, as they are now, wherever they come from. */
export function openTools(tenant: Tenant): ToolSource {
  return settledSource(
    joinSources([
      builtInTools,
      skillTools(tenant),
      declaredTools(tenant),
      workflowTools(tenant),
      openMcpTools(tenant),
    ]),
    findSettings(tenant),
  );
}
