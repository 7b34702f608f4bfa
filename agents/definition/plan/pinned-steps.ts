import type { GraphDefinition } from "#/agents/definition/format/definition.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** The longest source that a code step may have. */
const MOST_CHARACTERS = 100_000;

/** Returns whether a value is small enough to stand in a definition. */
export const isPinnable = (value: unknown): boolean => writeSource(value).length <= MOST_CHARACTERS;

/**
 * Makes the graph in which these steps are not run: each gives the value that is kept for it, by its name, to the same key of the state. What
 * they would have done on an error, or how often they would have been tried again, goes with them. Names that the graph lacks are passed over.
 */
export function pinSteps(definition: GraphDefinition, pinned: JsonObject): GraphDefinition {
  const steps = Object.entries(definition.steps).map(([id, step]) => {
    if (!Object.hasOwn(pinned, id)) return [id, step] as const;
    const { title = id, save } = step;
    const kept = { type: "code", title: `${title} (pinned)`, source: writeSource(pinned[id]) } as const;
    return [id, save === undefined ? kept : { ...kept, save }] as const;
  });
  return { ...definition, steps: Object.fromEntries(steps) };
}

/** Parsed and not written out: as a literal, a key `__proto__` would be no key. */
const writeSource = (value: unknown): string =>
  `return JSON.parse(${JSON.stringify(JSON.stringify(value))});`;
