import type { Tool } from "@modelcontextprotocol/server";
import { type CallableWorkflow, listCallableWorkflows } from "#/db/callable-workflows.ts";
import { allows, confinementOf } from "#/lib/auth/principal.ts";
import type { Caller } from "#/operations/caller.ts";
import { nameTools } from "#/operations/mcp/tool-names.ts";
import { toolNames } from "#/operations/mcp/tools/table.ts";

/** More than any model can choose from. */
const MOST_WORKFLOWS = 500;

/** Finds the published workflows that the caller may call as tools, by the names of the tools. */
export async function findWorkflowTools({
  tenant,
  principal,
}: Caller): Promise<ReadonlyMap<string, CallableWorkflow>> {
  if (!allows(principal, "runs:start")) return new Map();
  const named = nameTools(await listCallableWorkflows(tenant, MOST_WORKFLOWS), toolNames());
  const only = confinementOf(principal);
  return new Map([...named].filter(([, { id }]) => only === undefined || only.includes(id)));
}

/** Describes a workflow as a tool: its arguments are the workflow's input. */
export function describeWorkflow(name: string, workflow: CallableWorkflow): Tool {
  return {
    name,
    title: workflow.name,
    description: workflow.description,
    inputSchema: { ...workflow.inputSchema, type: "object" },
    annotations: { title: workflow.name, openWorldHint: true },
  };
}
