import { pointer } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { typeOf } from "#/agents/steps/table.ts";

export interface WorkflowName {
  readonly path: string;
  readonly name: string;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The places where a definition names workflows by their names; ids stand for one anyway. */
export function workflowNamesIn(definition: Definition): readonly WorkflowName[] {
  return placedSteps(definition).flatMap(({ place, step }) => {
    const name = typeOf(step).workflow?.(step);
    return name === undefined || ID.test(name) ? [] : [{ path: pointer(...place, "workflow"), name }];
  });
}
