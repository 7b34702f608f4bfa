import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Step } from "#/agents/steps/table.ts";

/** A step, and the names that lead to it from the top of its document. */
export interface PlacedStep {
  readonly place: readonly string[];
  readonly step: Step;
}

/** Every step that a graph has, those that its maps do among them; the other kinds have none. */
export function placedSteps(definition: Definition): readonly PlacedStep[] {
  return definition.kind === "graph" ? placedIn(definition.steps, ["steps"]) : [];
}

function placedIn(steps: Readonly<Record<string, Step>>, place: readonly string[]): readonly PlacedStep[] {
  return Object.entries(steps).flatMap(([id, step]) => withInner({ place: [...place, id], step }));
}

function withInner(placed: PlacedStep): readonly PlacedStep[] {
  const { place, step } = placed;
  if (step.type !== "map") return [placed];
  const inner = [...place, "do"];
  return "steps" in step.do
    ? [placed, ...placedIn(step.do.steps, [...inner, "steps"])]
    : [placed, { place: inner, step: step.do }];
}
