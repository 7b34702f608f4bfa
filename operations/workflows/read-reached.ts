import * as v from "valibot";
import { workflowKey } from "#/agents/definition/check/rule-of-two/exposure.ts";
import {
  listUsedWorkflows,
  type Reached,
  type ReachedTool,
  type ReachedWorkflows,
} from "#/agents/definition/check/rule-of-two/reached.ts";
import { toolNamesIn } from "#/agents/definition/check/tools.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import type { Tenant } from "#/db/client.ts";
import { runnableDefinition } from "#/db/runnable-workflow.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import { openTools } from "#/operations/tools/source.ts";

/** What stands behind so many workflows is not read. */
const MOST_WORKFLOWS = 100;

/** A definition, and all workflows that it runs, and that those run. */
interface ReadReached {
  readonly reached: Reached;
  readonly workflows: ReachedWorkflows;
}

/** Reads what a definition runs by its steps and its tools, as it would be run now. */
export async function readReached(tenant: Tenant, definition: Definition): Promise<ReadReached> {
  const reached = await readTools(tenant, definition);
  const workflows = new Map<string, Reached | undefined>();
  const open = [...listUsedWorkflows(reached)];
  // A list that grows while it is walked is walked to its new end.
  for (const named of open) {
    const key = workflowKey(named);
    if (workflows.has(key) || workflows.size >= MOST_WORKFLOWS) continue;
    const read = v.safeParse(Definition, await runnableDefinition(tenant, named.workflow, named.version));
    const found = read.success ? await readTools(tenant, read.output) : undefined;
    workflows.set(key, found);
    if (found) open.push(...listUsedWorkflows(found));
  }
  return { reached, workflows };
}

async function readTools(tenant: Tenant, definition: Definition): Promise<Reached> {
  const tools = await openTools(tenant).find(toolNamesIn(definition));
  return { definition, tools: new Map(tools.map((tool) => [tool.name, toReachedTool(tool)])) };
}

const toReachedTool = ({ behind, capabilities, origin, policy }: Tool): ReachedTool =>
  origin === "workflow" && isJsonObject(behind)
    ? { policy, runs: { workflow: String(behind["workflow"]) } }
    : { policy, capabilities };
