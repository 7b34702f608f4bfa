import { crewPlan } from "#/agents/definition/crew-plan.ts";
import { chain, type Plan } from "#/agents/definition/plan.ts";
import type { Definition, DirectDefinition, GraphDefinition } from "#/agents/definition/schema.ts";

/** What a definition means. The definition has been validated. */
export function toPlan(definition: Definition): Plan {
  switch (definition.kind) {
    case "graph":
      return graphPlan(definition);
    case "crew":
      return crewPlan(definition);
    case "direct":
      return directPlan(definition);
  }
}

function graphPlan(definition: GraphDefinition): Plan {
  return {
    name: definition.name,
    kind: "graph",
    steps: definition.steps,
    edges: definition.edges.map((edge) =>
      "to" in edge
        ? { from: [edge.from].flat(), when: [], otherwise: edge.to }
        : { from: [edge.from], when: edge.when, otherwise: edge.else },
    ),
    channels: definition.state,
    output: definition.output,
  };
}

const ANSWER = "answer";

/** One model call, or one agent when the call may use tools. */
function directPlan({ name, prompt, instructions, model, tools, outputSchema }: DirectDefinition): Plan {
  const common = { prompt, ...(model !== undefined && { model }), ...(outputSchema && { outputSchema }) };
  const agent = { type: "agent", role: "", goal: prompt, tools, maxIterations: 10, instructions: instructions ?? "", ...common } as const;
  const llm = { type: "llm", ...common, ...(instructions !== undefined && { instructions }) } as const;
  return {
    name,
    kind: "direct",
    steps: { [ANSWER]: tools.length > 0 ? agent : llm },
    edges: chain([ANSWER]),
    channels: {},
    output: { [ANSWER]: `{{ state.${ANSWER} }}` },
  };
}
