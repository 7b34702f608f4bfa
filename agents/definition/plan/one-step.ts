import type { GraphDefinition } from "#/agents/definition/format/definition.ts";
import { listPlanStateKeys } from "#/agents/definition/plan/plan.ts";
import { toPlan } from "#/agents/definition/plan/planner.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** Lists the keys of the state that a step of a graph can read. */
export const listStateKeys = (definition: GraphDefinition): readonly string[] =>
  listPlanStateKeys(toPlan(definition));

/** Makes the graph that does one step of another alone, on given values of its state. Undefined when there is no such step. */
export function isolateStep(
  definition: GraphDefinition,
  id: string,
  state: JsonObject,
): GraphDefinition | undefined {
  const step = definition.steps[id];
  if (!step) return undefined;
  const key = step.save ?? id;
  const channels = listStateKeys(definition).map((name) => {
    const declared = definition.state[name];
    const reduce = declared?.reduce ?? ("replace" as const);
    return [name, { reduce, default: name in state ? state[name] : declared?.default }] as const;
  });
  // Where its failure would lead is not there: it fails, and says so.
  const { onError, ...alone } = step;
  const staysHere = typeof onError !== "object" || !("goto" in onError);
  return {
    ...definition,
    steps: { [id]: staysHere ? step : alone },
    edges: [
      { from: "start", to: id },
      { from: id, to: "end" },
    ],
    state: Object.fromEntries(channels),
    output: { [key]: `{{ state["${key}"] }}` },
  };
}
