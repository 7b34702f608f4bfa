import type { Plan } from "#/agents/definition/plan/plan.ts";
import type { StepNode } from "#/agents/steps/node.ts";
import { resolvePolicies, saveKeyOf, valueUpdate, withoutDetour } from "#/agents/steps/policies.ts";
import { type OneTaskStep, runStep } from "#/agents/steps/runs.ts";
import { typeOf } from "#/agents/steps/table.ts";

/** The node of a step that is one task: everything but agents and maps. */
export function oneTaskNode(plan: Plan, id: string, step: OneTaskStep): StepNode {
  return {
    ...resolvePolicies(id, step),
    kind: typeOf(step).policy.log ?? "step",
    run: async (task, channels) => {
      const result = await runStep(step, task, { id, plan, channels });
      const update = "update" in result ? result.update : valueUpdate(saveKeyOf(id, step), result.value);
      return { ...result, update: withoutDetour(id, step, update) };
    },
  };
}
