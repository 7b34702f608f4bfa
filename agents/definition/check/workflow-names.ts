import { pointer } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { typeOf } from "#/agents/steps/table.ts";

export interface WorkflowName {
  readonly path: string;
  readonly name: string;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface WorkflowUse extends WorkflowName {
  readonly version: number | undefined;
}

/** The places where the steps of a definition run workflows, by name or by id. */
export function workflowUsesIn(definition: Definition): readonly WorkflowUse[] {
  return placedSteps(definition).flatMap(({ place, step }) => {
    const name = typeOf(step).workflow?.(step);
    const version = step.type === "workflow" ? step.version : undefined;
    return name === undefined ? [] : [{ path: pointer(...place, "workflow"), name, version }];
  });
}

/** The places where a definition names workflows by their names; ids stand for one anyway. */
export const workflowNamesIn = (definition: Definition): readonly WorkflowName[] =>
  workflowUsesIn(definition).filter(({ name }) => !ID.test(name));
