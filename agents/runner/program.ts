import { initialState } from "#/agents/langgraph/compile/channels.ts";
import { compileGraph } from "#/agents/langgraph/compile/graph.ts";
import { partPlan, toPlan } from "#/agents/definition/plan/planner.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { resolve } from "#/agents/definition/expression/template.ts";
import type { Plan } from "#/agents/definition/plan/plan.ts";
import type { Program } from "#/agents/runner/invocation.ts";

/** Makes the program of a run: the whole definition, or a part of it (what one of its maps does for each item, or a crew). @throws when there is no such part */
export function definitionProgram(definition: Definition, fragment: string | undefined): Program {
  const plan = toPlan(definition);
  return {
    ...planProgram(fragment === undefined ? plan : partPlan(plan, fragment)),
    limits: definition.limits,
    toolPins: definition.toolPins,
  };
}

/** The program of a workflow's plan. Without declared output, the output is the whole public state. */
function planProgram(plan: Plan): Omit<Program, "limits"> {
  return {
    graph: compileGraph(plan),
    initialState: initialState(plan),
    maxRpm: plan.maxRpm,
    resolveOutput: (state, scope) =>
      plan.output === undefined ? state : resolve(plan.output, { ...scope, state }),
  };
}
