import { chain, type Plan, type PlanStep } from "#/agents/definition/plan/plan.ts";
import type { CrewDefinition } from "#/agents/definition/format/definition.ts";

type Task = CrewDefinition["tasks"][number];

const DIVIDER = "\n\n----------\n\n";

/**
 * A sequential crew is a chain of agents, one for each task, in CrewAI's order of texts: who you are, the task, what is expected,
 * the context from earlier tasks. Own wording, same structure.
 */
export function crewPlan(crew: CrewDefinition): Omit<Plan, "toolWrites"> {
  const ids = crew.tasks.map((task) => task.id);
  return {
    name: crew.name,
    kind: "crew",
    steps: Object.fromEntries(
      crew.tasks.map((task, index) => [task.id, taskStep(crew, task, ids.slice(0, index))]),
    ),
    edges: chain(ids),
    channels: {},
    output: {
      result: `{{ state["${ids.at(-1)}"] }}`,
      tasks: Object.fromEntries(ids.map((id) => [id, `{{ state["${id}"] }}`])),
    },
  };
}

function taskStep(crew: CrewDefinition, task: Task, earlier: readonly string[]): PlanStep {
  const agent = crew.agents[task.agent ?? ""];
  if (!agent) throw new Error(`Task ${task.id} has no agent.`);
  const persona = [`You are ${agent.role}.`, agent.backstory, `Your personal goal: ${agent.goal}`];
  return {
    type: "agent",
    title: task.id,
    role: agent.role,
    goal: agent.goal,
    instructions: withInputs(persona.filter(Boolean).join("\n")),
    prompt: taskPrompt(task, task.context ?? earlier),
    tools: task.tools ?? agent.tools,
    maxIterations: agent.maxIterations,
    ...(agent.toolPolicy && { toolPolicy: agent.toolPolicy }),
    ...(agent.model !== undefined && { model: agent.model }),
    ...(task.outputSchema && { outputSchema: task.outputSchema }),
  };
}

/** Context that is not given means the outputs of all earlier tasks; an empty list means none. */
function taskPrompt(task: Task, context: readonly string[]): string {
  const parts = [
    `Current task: ${withInputs(task.description)}`,
    `Criteria for your final answer: ${withInputs(task.expectedOutput)}\nReturn the complete content, not a summary of it.`,
  ];
  if (context.length > 0)
    parts.push(`Context from earlier tasks:\n${context.map((id) => `{{ state["${id}"] }}`).join(DIVIDER)}`);
  return parts.join("\n\n");
}

/** CrewAI's `{topic}` is our `{{ input.topic }}`. Other braces stay. */
export function withInputs(text: string): string {
  return text.replaceAll(/(?<!\{)\{([A-Za-z_]\w*)\}(?!\})/g, "{{ input.$1 }}");
}
