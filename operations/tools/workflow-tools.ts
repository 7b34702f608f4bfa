import { builtInNames } from "#/agents/tools/builtin/source.ts";
import { declaredTool } from "#/agents/tools/declared-tool.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import { type CallableWorkflow, listCallableWorkflows } from "#/db/callable-workflows.ts";
import type { Tenant } from "#/db/client.ts";
import { nameTools } from "#/operations/mcp/tool-names.ts";

/** More than any model can choose from. */
const MOST_WORKFLOWS = 500;

/** The published workflows of a workspace that their definitions mark as tools. */
export function workflowTools(tenant: Tenant): ToolSource {
  const list = async () =>
    nameTools(await listCallableWorkflows(tenant, MOST_WORKFLOWS), new Set(builtInNames()));
  return {
    find: async (names) => {
      const wanted = new Set(names);
      return [...(await list())].flatMap(([name, workflow]) =>
        wanted.has(name) ? [toTool(name, workflow)] : [],
      );
    },
    names: async () => [...(await list()).keys()],
  };
}

/** A call is a run of the workflow: it waits for it, and what it may do is the workflow's to say. */
const toTool = (name: string, { id, description, inputSchema }: CallableWorkflow): Tool =>
  declaredTool({
    name,
    description,
    origin: "workflow",
    input: { ...inputSchema, type: "object" },
    effect: "write",
    // What it may do is its definition's to say: operations/workflows/rule-of-two.ts.
    capabilities: [],
    behind: { workflow: id },
    inParts: true,
    run: (input, { runWorkflow }) => runWorkflow(id, input),
  });
