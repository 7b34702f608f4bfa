import { pointer } from "#/agents/definition/problem.ts";
import type { Definition, Step } from "#/agents/definition/format/definition.ts";

export interface WorkflowName {
  readonly path: string;
  readonly name: string;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Where a definition names workflows by their names; ids stand for one anyway. */
export function workflowNamesIn(definition: Definition): readonly WorkflowName[] {
  return definition.kind === "graph"
    ? Object.entries(definition.steps).flatMap(([id, step]) => namesIn(step, pointer("steps", id)))
    : [];
}

function namesIn(step: Step, path: string): readonly WorkflowName[] {
  if (step.type === "workflow")
    return ID.test(step.workflow) ? [] : [{ path: `${path}/workflow`, name: step.workflow }];
  if (step.type !== "map") return [];
  if (!("steps" in step.do)) return namesIn(step.do, `${path}/do`);
  return Object.entries(step.do.steps).flatMap(([id, inner]) =>
    namesIn(inner, `${path}/do${pointer("steps", id)}`),
  );
}
