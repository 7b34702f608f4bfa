import { pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";
import { listCrewTools } from "#/agents/definition/plan/crew-agents.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { type PlacedStep, placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { typeOf } from "#/agents/steps/table.ts";

/** Every tool that a definition names is one of the known. */
export function toolProblems(definition: Definition, known: readonly string[]): Problem[] {
  const names = new Set(known);
  return listTools(definition).flatMap(({ path, name }) =>
    names.has(name) ? [] : [unknownName({ path, what: "tool", name, known })],
  );
}

/** Returns the tools that a definition names, each once. */
export const toolNamesIn = (definition: Definition): readonly string[] => [
  ...new Set(listTools(definition).map(({ name }) => name)),
];

interface NamedTool {
  readonly path: string;
  readonly name: string;
}

const listed = (names: readonly string[] | undefined, ...place: readonly (string | number)[]): NamedTool[] =>
  (names ?? []).map((name, index) => ({ path: pointer(...place, index), name }));

function listTools(definition: Definition): NamedTool[] {
  switch (definition.kind) {
    case "direct":
      return listed(definition.tools, "tools");
    case "crew":
      return listCrewTools(definition).map(({ place, name }) => ({ path: pointer(...place), name }));
    case "graph":
      return placedSteps(definition).flatMap(toolsOfStep);
  }
}

function toolsOfStep({ place, step }: PlacedStep): NamedTool[] {
  const names = typeOf(step).toolNames?.(step) ?? [];
  return names.map(({ place: within, name }) => ({ path: pointer(...place, ...within), name }));
}
