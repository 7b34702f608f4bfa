import type { Tool as KnownTool } from "#/agents/tools/tool.ts";
import type { Tenant } from "#/db/client.ts";
import { findTools, findToolSettings, toolUses } from "#/db/tools.ts";
import type { Tool, ToolHead } from "#/operations/tools/contract.ts";
import { readRequest } from "#/operations/tools/declared-tools.ts";
import { openTools } from "#/operations/tools/source.ts";

/** Returns what a list says of a tool. */
export const makeHead = (
  { name, description, origin, effect, policy }: KnownTool,
  usedBy: number,
): ToolHead => ({
  name,
  description,
  origin,
  effect,
  policy: policy ?? null,
  usedBy,
});

/** Shows a tool as callers see it. */
export async function showTool(tenant: Tenant, name: string): Promise<Tool | undefined> {
  const [[tool], [stored], [settings], uses] = await Promise.all([
    openTools(tenant).find([name]),
    findTools(tenant, [name]),
    findToolSettings(tenant, [name]),
    toolUses(tenant, name),
  ]);
  if (!tool) return undefined;
  return {
    ...makeHead(tool, uses.length),
    input: tool.input,
    limits: tool.limits,
    ownLimits: settings?.limits ?? {},
    request: stored && tool.origin === stored.origin ? readRequest(stored) : null,
    importedFrom: stored && tool.origin === stored.origin ? stored.importedFrom : null,
    workflows: uses.map(({ workflowId: id, workflowName }) => ({ id, name: workflowName })),
  };
}
