import { initialState } from "#/agents/compile/channels.ts";
import { compileGraph } from "#/agents/compile/graph.ts";
import { resolve } from "#/agents/definition/template.ts";
import type { Plan } from "#/agents/definition/plan.ts";
import type { Program } from "#/agents/runner/invocation.ts";

/** The program of a workflow's plan. Without declared output, the output is the whole public state. */
export function planProgram(plan: Plan): Program {
  return {
    build: (scope, wrap) => compileGraph(plan, scope, wrap),
    initialState: initialState(plan),
    outputOf: (state, scope) => (plan.output ? resolve(plan.output, { ...scope, state }) : state),
  };
}
