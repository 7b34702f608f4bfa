import { pickModel } from "#/agents/definition/format/fields.ts";
import { crewPlan } from "#/agents/definition/plan/crew-plan.ts";
import { planEdge } from "#/agents/definition/plan/edges.ts";
import { chain, type Plan } from "#/agents/definition/plan/plan.ts";
import type { Definition, DirectDefinition, GraphDefinition } from "#/agents/definition/format/definition.ts";
import type { Body } from "#/agents/steps/map/type.ts";
import type { Step } from "#/agents/steps/table.ts";

type MapStep = Extract<Step, { type: "map" }>;

/** Makes the plan of a validated definition: what it means, in steps and edges. */
export function toPlan(definition: Definition): Plan {
  return withToolWrites({ ...planOfKind(definition), toolWrites: definition.toolWrites ?? "auto" });
}

type KindPlan = Omit<Plan, "toolWrites">;

function planOfKind(definition: Definition): KindPlan {
  switch (definition.kind) {
    case "graph":
      return graphPlan(definition);
    case "crew":
      return { name: definition.name, kind: "crew", ...crewPlan(definition) };
    case "direct":
      return directPlan(definition);
  }
}

/** Each agent is told what becomes of the writes its model asks for. */
function withToolWrites(plan: Plan): Plan {
  const { toolWrites } = plan;
  const steps = Object.entries(plan.steps).map(
    ([id, step]) => [id, step.type === "agent" ? { ...step, toolWrites } : step] as const,
  );
  return { ...plan, steps: Object.fromEntries(steps) };
}

function graphPlan(definition: GraphDefinition): KindPlan {
  return {
    name: definition.name,
    kind: "graph",
    steps: definition.steps,
    edges: definition.edges.map(planEdge),
    channels: definition.state,
    output: definition.output,
  };
}

/** Returns the plan of a part: what a map does for each item, or a crew. A part of a part stands behind a slash. @throws when there is none */
export function partPlan(plan: Plan, fragment: string): Plan {
  return fragment.split("/").reduce(planPart, plan);
}

function planPart(plan: Plan, id: string): Plan {
  const step = plan.steps[id];
  if (step?.type !== "map" && step?.type !== "crew")
    throw new Error(`There is no map or crew named “${id}” in this version of the workflow.`);
  return withToolWrites({
    name: `${plan.name}: ${id}`,
    place: plan.place === undefined ? id : `${plan.place}/${id}`,
    toolWrites: plan.toolWrites,
    ...(step.type === "crew" ? { kind: "crew" as const, ...crewPlan(step) } : planItem(id, step)),
  });
}

/** One step is a plan of one step, and its value the output. */
function planItem(id: string, step: MapStep): Omit<KindPlan, "name"> {
  const body = planBody(id, step.do);
  return {
    kind: "graph",
    steps: body.steps,
    edges: body.edges.map(planEdge),
    channels: {},
    output: body.output,
  };
}

/** Returns what a map does for each item, as steps and edges. */
export function planBody(id: string, action: MapStep["do"]): Body {
  if ("steps" in action) return action;
  return {
    steps: { [id]: action },
    edges: [
      { from: "start", to: id },
      { from: id, to: "end" },
    ],
    output: `{{ state["${action.save ?? id}"] }}`,
  };
}

const ANSWER = "answer";
const noTools = (): string[] => [];

/** One model call, or one agent when the call may use tools. */
function directPlan(definition: DirectDefinition): KindPlan {
  const { name, prompt, instructions, files, tools, toolPolicy, outputSchema } = definition;
  const common = {
    prompt,
    ...pickModel(definition),
    ...(files && { files }),
    ...(outputSchema && { outputSchema }),
  };
  const agent = {
    type: "agent",
    guardrailRetries: 0,
    resultAsAnswer: noTools(),
    role: "",
    goal: prompt,
    tools,
    maxIterations: 10,
    instructions: instructions ?? "",
    ...(toolPolicy && { toolPolicy }),
    ...common,
  } as const;
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
