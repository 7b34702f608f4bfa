import { labelOf } from "#/app/_ui/schema-fields.ts";
import type { RunDefinition } from "#/operations/runs/contract.ts";

export interface ListedStep {
  readonly id: string;
  readonly title: string;
  /** llm, agent, approval, ... */
  readonly type: string;
}

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null;
const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

/** What each step is called, also one that the definition does not know. */
export function titlesOf(steps: readonly ListedStep[]): (step: string) => string {
  const titles = new Map(steps.map(({ id, title }) => [id, title]));
  return (step) => titles.get(step) ?? labelOf(step);
}

/** The steps of a published definition in the order in which a run reaches them, under the names that its log uses. */
export function stepsOf({
  kind,
  definition,
}: Pick<RunDefinition, "kind" | "definition">): readonly ListedStep[] {
  switch (kind) {
    case "direct":
      return [
        {
          id: "answer",
          title: "Answer",
          type: Array.isArray(definition["tools"]) && definition["tools"].length > 0 ? "agent" : "llm",
        },
      ];
    case "crew":
      return crewSteps(definition);
    case "graph":
      return graphSteps(definition);
  }
}

/** The steps of what a map does for each item: one step under the map's own name, or a small graph. */
export function stepsOfPart(
  { definition: { steps } }: Pick<RunDefinition, "definition">,
  map: string,
): readonly ListedStep[] {
  const step = isObject(steps) ? steps[map] : undefined;
  const action = isObject(step) && isObject(step["do"]) ? step["do"] : {};
  return isObject(action["steps"]) ? graphSteps(action) : [listed(map, action)];
}

function crewSteps({ tasks, agents }: JsonObject): readonly ListedStep[] {
  if (!Array.isArray(tasks)) return [];
  return tasks.filter(isObject).map((task) => {
    const agent = isObject(agents) ? agents[textOf(task["agent"]) ?? ""] : undefined;
    const role = isObject(agent) ? textOf(agent["role"]) : undefined;
    const id = textOf(task["id"]) ?? "";
    return { id, title: role === undefined ? labelOf(id) : `${labelOf(id)} · ${role}`, type: "agent" };
  });
}

function graphSteps({ steps, edges }: JsonObject): readonly ListedStep[] {
  if (!isObject(steps)) return [];
  const known = Object.keys(steps);
  const reached = reachedInOrder(Array.isArray(edges) ? edges.filter(isObject) : []).filter((id) =>
    known.includes(id),
  );
  // The database keeps an object's keys in an order of its own; the edges tell the author's.
  return [...new Set([...reached, ...known])].map((id) => listed(id, steps[id]));
}

function listed(id: string, step: unknown): ListedStep {
  const fields = isObject(step) ? step : {};
  const title = textOf(fields["title"]);
  // A title with expressions only makes sense once it is filled in.
  return {
    id,
    title: title === undefined || title.includes("{{") ? labelOf(id) : title,
    type: textOf(fields["type"]) ?? "step",
  };
}

/** Breadth first from the start. */
function reachedInOrder(edges: readonly JsonObject[]): readonly string[] {
  const reached = new Set<string>(["start"]);
  // A set that grows while it is walked is walked to its new end.
  for (const id of reached) {
    for (const edge of edges.filter(({ from }) => [from].flat().includes(id)))
      for (const target of targetsOf(edge)) reached.add(target);
  }
  return [...reached];
}

function targetsOf(edge: JsonObject): readonly string[] {
  const branches = Array.isArray(edge["when"]) ? edge["when"].filter(isObject).map(({ to }) => to) : [];
  return [edge["to"], ...branches, edge["else"]].filter((target) => typeof target === "string");
}
