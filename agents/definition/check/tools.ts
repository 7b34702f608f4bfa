import { pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";
import type { Definition, Step } from "#/agents/definition/format/definition.ts";

/** Every tool that a definition names is one of the known. */
export function toolProblems(definition: Definition, known: readonly string[]): Problem[] {
  const names = new Set(known);
  return toolsOf(definition).flatMap(({ path, name }) =>
    names.has(name) ? [] : [unknownName({ path, what: "tool", name, known })],
  );
}

interface NamedTool {
  readonly path: string;
  readonly name: string;
}

const listed = (names: readonly string[] | undefined, ...place: readonly (string | number)[]): NamedTool[] =>
  (names ?? []).map((name, index) => ({ path: pointer(...place, index), name }));

function toolsOf(definition: Definition): NamedTool[] {
  switch (definition.kind) {
    case "direct":
      return listed(definition.tools, "tools");
    case "crew":
      return [
        ...Object.entries(definition.agents).flatMap(([id, agent]) =>
          listed(agent.tools, "agents", id, "tools"),
        ),
        ...definition.tasks.flatMap((task, index) => listed(task.tools, "tasks", index, "tools")),
      ];
    case "graph":
      return Object.entries(definition.steps).flatMap(([id, step]) => toolsOfStep(step, ["steps", id]));
  }
}

function toolsOfStep(step: Step, place: readonly string[]): NamedTool[] {
  if (step.type === "agent") return listed(step.tools, ...place, "tools");
  if (step.type === "tool") return [{ path: pointer(...place, "tool"), name: step.tool }];
  if (step.type !== "map") return [];
  if (!("steps" in step.do)) return toolsOfStep(step.do, [...place, "do"]);
  return Object.entries(step.do.steps).flatMap(([id, inner]) =>
    toolsOfStep(inner, [...place, "do", "steps", id]),
  );
}
