import { workflowKey } from "#/agents/definition/check/rule-of-two/exposure.ts";
import {
  listUsedWorkflows,
  type NamedWorkflow,
  type Reached,
  type ReachedWorkflows,
} from "#/agents/definition/check/rule-of-two/reached.ts";
import { namedToolsIn } from "#/agents/definition/check/tools.ts";
import { workflowUsesIn } from "#/agents/definition/check/workflow-names.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { DEEPEST_RUNS } from "#/agents/steps/child-run.ts";
import type { Tenant } from "#/db/client.ts";
import { getWorkflow } from "#/db/workflows.ts";
import { readReached } from "#/operations/workflows/read-reached.ts";

/** Lists the steps and tools by which a workflow starts itself again: it may be meant, with a condition that ends it. */
export async function cycleWarnings(
  tenant: Tenant,
  workflowId: string,
  definition: Definition,
): Promise<readonly Problem[]> {
  // Most workflows run no other one, and nothing is looked up for them.
  if (workflowUsesIn(definition).length + namedToolsIn(definition).length === 0) return [];
  const { reached, workflows } = await readReached(tenant, definition);
  const starts = listStarts(reached);
  if (starts.length === 0) return [];
  const workflow = await getWorkflow(tenant, workflowId);
  const own = new Set([workflowId, ...(workflow ? [workflow.name] : [])].map((name) => keyOf(name)));
  return starts.flatMap(({ path, named }) => {
    const way = findWay(named, own, workflows);
    return way ? [{ path, message: describeCycle(way) }] : [];
  });
}

const keyOf = (workflow: string) => workflowKey({ workflow });

interface Start {
  readonly path: string;
  readonly named: NamedWorkflow;
}

/** The places where a definition starts workflows: steps, and tools that are workflows. */
function listStarts({ definition, tools }: Reached): readonly Start[] {
  const steps = workflowUsesIn(definition).map(({ path, name, version }) => ({
    path,
    named: { workflow: name, version },
  }));
  const called = namedToolsIn(definition).flatMap(({ path, name }) => {
    const tool = tools.get(name);
    return tool && "runs" in tool ? [{ path, named: tool.runs }] : [];
  });
  return [...steps, ...called];
}

/** Finds a way from a workflow to one's own, by the names of what lies between; undefined if there is none. */
function findWay(
  start: NamedWorkflow,
  own: ReadonlySet<string>,
  workflows: ReachedWorkflows,
): readonly string[] | undefined {
  const seen = new Set<string>();
  const open: { readonly named: NamedWorkflow; readonly way: readonly string[] }[] = [
    { named: start, way: [] },
  ];
  // A list that grows while it is walked is walked to its new end: the first way that is found is the shortest.
  for (const { named, way } of open) {
    const key = workflowKey(named);
    if (own.has(key)) return way;
    const reached = workflows.get(key);
    if (seen.has(key) || !reached) continue;
    seen.add(key);
    for (const next of listUsedWorkflows(reached))
      open.push({ named: next, way: [...way, reached.definition.name] });
  }
  return undefined;
}

function describeCycle(way: readonly string[]): string {
  const [first, ...others] = way.map((name) => `“${name}”`);
  const by = others.length > 0 ? ` by ${others.join(", ")}` : "";
  const what =
    first === undefined
      ? "This starts the workflow itself again."
      : `This starts ${first}, which starts this workflow again${by}.`;
  return `${what} Runs may start runs ${DEEPEST_RUNS} deep at most, and what goes deeper fails: let a condition end it before.`;
}
