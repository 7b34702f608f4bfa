import { pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";
import { listCrewTools } from "#/agents/definition/plan/crew-agents.ts";
import { listPlacedTools, type PlacedTool } from "#/agents/definition/plan/tool-list.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { typeOf } from "#/agents/steps/table.ts";

/** Every tool that a definition names is one of the known, and an expression has some to choose from. */
export function toolProblems(definition: Definition, known: readonly string[]): Problem[] {
  const names = new Set(known);
  const listed = listTools(definition);
  const hasNames = listed.some(({ name }) => name !== undefined);
  return listed.flatMap(({ path, name }) => {
    if (name === undefined) return hasNames ? [] : [nothingToChoose(path)];
    const isKnown = names.has(name) || names.has(withoutVersion(name));
    return isKnown ? [] : [unknownName({ path, what: "tool", name, known })];
  });
}

/** A version of a skill is named behind its name; whether there is that version is known when it is pinned. */
const withoutVersion = (name: string): string => name.replace(/^(skill__.+)__v\d+$/, "$1");

/** Returns the versions of skills that a definition names. */
export const skillVersionsIn = (
  definition: Definition,
): readonly { readonly path: string; readonly name: string }[] =>
  namedToolsIn(definition).filter(({ name }) => withoutVersion(name) !== name);

const nothingToChoose = (path: string): Problem => ({
  path,
  message:
    "The expression can give only tools that this definition names, and it names none. Write them out, such as ['web_search', 'web_page'].filter(name, name in input.tools).",
});

/** Returns the tools that a definition names, with their places. */
export const namedToolsIn = (
  definition: Definition,
): readonly { readonly path: string; readonly name: string }[] =>
  listTools(definition).flatMap(({ path, name }) => (name === undefined ? [] : [{ path, name }]));

/** Returns the tools that a definition names, each once. */
export const toolNamesIn = (definition: Definition): readonly string[] => [
  ...new Set(listTools(definition).flatMap(({ name }) => name ?? [])),
];

/** Returns whether a definition has tools that an expression gives when it runs. */
export const choosesTools = (definition: Definition): boolean =>
  listTools(definition).some(({ name }) => name === undefined);

interface NamedTool {
  readonly path: string;
  readonly name: string | undefined;
}

function listTools(definition: Definition): NamedTool[] {
  switch (definition.kind) {
    case "direct":
      return atPlaces(listPlacedTools(definition.tools), "tools");
    case "crew":
      return atPlaces(listCrewTools(definition));
    case "graph":
      return placedSteps(definition).flatMap(({ place, step }) =>
        atPlaces(typeOf(step).toolNames?.(step) ?? [], ...place),
      );
  }
}

const atPlaces = (tools: readonly PlacedTool[], ...outer: readonly (string | number)[]): NamedTool[] =>
  tools.map(({ place, name }) => ({ path: pointer(...outer, ...place), name }));
