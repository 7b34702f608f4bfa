import { initialState } from "#/agents/langgraph/compile/channels.ts";
import { compileGraph } from "#/agents/langgraph/compile/graph.ts";
import { bodyPlan, toPlan } from "#/agents/definition/plan/planner.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { resolve } from "#/agents/definition/expression/template.ts";
import type { Plan } from "#/agents/definition/plan/plan.ts";
import type { Program } from "#/agents/runner/invocation.ts";

/** What a run of a definition executes: all of it, or what one of its maps does for each item. @throws when there is no such map */
export function definitionProgram(definition: Definition, fragment: string | undefined): Program {
  const plan = toPlan(definition);
  return {
    ...planProgram(fragment === undefined ? plan : bodyPlan(plan, fragment)),
    limits: definition.limits,
    toolPins: definition.toolPins,
  };
}

/** The program of a workflow's plan. Without declared output, the output is the whole public state. */
function planProgram(plan: Plan): Omit<Program, "limits"> {
  return {
    graph: compileGraph(plan),
    initialState: initialState(plan),
    resolveOutput: (state, scope) =>
      plan.output === undefined ? state : resolve(plan.output, { ...scope, state }),
  };
}
