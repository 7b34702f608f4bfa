import { pickModel } from "#/agents/definition/format/fields.ts";
import { MANAGER, STANDARD_MANAGER, withInputs } from "#/agents/definition/plan/crew-agents.ts";
import {
  type CrewAgent,
  type CrewBody,
  type CrewTask,
  pickAgentLimit,
} from "#/agents/definition/format/crew.ts";
import { crewEdges } from "#/agents/definition/plan/crew-order.ts";
import { PLANNING } from "#/agents/definition/plan/planning-step.ts";
import type { Plan, PlanStep } from "#/agents/definition/plan/plan.ts";
import { listToolNames } from "#/agents/definition/plan/tool-list.ts";
import type { Member, Team } from "#/agents/definition/plan/team.ts";

const DIVIDER = "\n\n----------\n\n";
type CrewPlan = Pick<Plan, "steps" | "edges" | "channels" | "output" | "maxRpm">;

/**
 * A crew is a graph of agents, one for each task, in CrewAI's order of texts: who you are, the task, what is expected, the context from earlier
 * tasks. Own wording, same structure.
 */
export function crewPlan(crew: CrewBody): CrewPlan {
  const tasks = crew.tasks.map((task, index) => [task.id, taskStep(crew, task, index)] as const);
  const planning = crew.planning === false ? [] : [[PLANNING, planningStep(crew)] as const];
  return {
    steps: Object.fromEntries([...planning, ...tasks]),
    edges: crewEdges(crew.tasks, crew.planning === false ? undefined : PLANNING),
    channels: {},
    output: describeOutput(crew),
    ...(crew.maxRpm !== undefined && { maxRpm: crew.maxRpm }),
  };
}

/** The result is the last output that is not empty: a task may be passed over. */
function describeOutput({ tasks }: CrewBody): Plan["output"] {
  const files = tasks.flatMap(({ id, outputFile }) =>
    outputFile === undefined ? [] : [[outputFile, valueOf(id)] as const],
  );
  return {
    result: `{{ ${chooseLast(tasks)} }}`,
    tasks: Object.fromEntries(tasks.map(({ id }) => [id, valueOf(id)])),
    ...(files.length > 0 && { files: Object.fromEntries(files) }),
  };
}

const valueOf = (id: string) => `{{ state["${id}"] }}`;

function chooseLast(tasks: readonly CrewTask[]): string {
  const last = tasks.at(-1);
  if (!last) return "null";
  const value = `state["${last.id}"]`;
  return last.condition === undefined || tasks.length === 1
    ? value
    : `${value} != "" ? ${value} : (${chooseLast(tasks.slice(0, -1))})`;
}

function taskStep(crew: CrewBody, task: CrewTask, index: number): PlanStep {
  const { id, agent } = findWorker(crew, task);
  return {
    type: "agent",
    title: task.id,
    role: agent.role,
    goal: agent.goal,
    instructions: writeInstructions(agent),
    prompt: taskPrompt(crew, task, index),
    tools: task.tools ?? agent.tools,
    maxIterations: agent.maxIterations,
    ...pickAgentLimit(agent),
    injectDate: agent.injectDate,
    resultAsAnswer: agent.resultAsAnswer,
    team: makeTeam(crew, id, task),
    humanInput: task.humanInput,
    guardrailRetries: task.guardrailRetries,
    ...rememberedBy(crew, agent),
    ...(agent.maxRpm !== undefined && { maxRpm: agent.maxRpm }),
    ...(agent.toolPolicy && { toolPolicy: agent.toolPolicy }),
    ...pickModel(agent),
    ...(task.files && { files: task.files.map(withInputs) }),
    ...(task.outputSchema && { outputSchema: task.outputSchema }),
    ...(task.guardrail !== undefined && { guardrail: task.guardrail }),
    ...(task.condition !== undefined && { condition: task.condition }),
  };
}

/** An agent that says nothing of its memory has the crew's. */
function rememberedBy({ memory: shared }: CrewBody, { memory: own = shared }: CrewAgent) {
  if (own === undefined) return {};
  return {
    memory: typeof own === "object" && own.key !== undefined ? { ...own, key: withInputs(own.key) } : own,
  };
}

interface Worker {
  readonly id: string;
  readonly agent: CrewAgent;
}

/** In the hierarchical process the manager does every task. */
function findWorker(crew: CrewBody, task: CrewTask): Worker {
  if (crew.process === "hierarchical") return findManager(crew);
  return { id: task.agent ?? "", agent: findAgent(crew, task.agent ?? "") };
}

function findManager(crew: CrewBody): Worker {
  const { manager = STANDARD_MANAGER } = crew;
  return typeof manager === "string"
    ? { id: manager, agent: findAgent(crew, manager) }
    : { id: MANAGER, agent: manager };
}

function findAgent({ agents }: CrewBody, id: string): CrewAgent {
  const agent = agents[id];
  if (!agent) throw new Error(`There is no agent “${id}” in this crew.`);
  return agent;
}

/** A manager turns to the agent that the task names, or to all; everybody who may delegate, to all others but the manager. */
function makeTeam(crew: CrewBody, self: string, task: CrewTask): Team {
  const isManaged = crew.process === "hierarchical";
  const manager = isManaged ? findManager(crew).id : undefined;
  const ids = Object.keys(crew.agents).filter((id) => id !== manager);
  const others = (own: string) => ids.filter((id) => id !== own);
  const managed = task.agent === undefined ? ids : [task.agent];
  const mayDelegate = crew.agents[self]?.allowDelegation === true;
  return {
    self,
    coworkers: isManaged ? managed : mayDelegate ? others(self) : [],
    members: Object.fromEntries(ids.map((id) => [id, makeMember(crew, id, others(id))])),
  };
}

function makeMember(crew: CrewBody, id: string, others: readonly string[]): Member {
  const agent = findAgent(crew, id);
  const { role, goal, tools, toolPolicy, maxIterations, resultAsAnswer, maxRpm, injectDate } = agent;
  return {
    role: withInputs(role),
    goal,
    instructions: writeInstructions(agent),
    tools,
    toolPolicy,
    choice: pickModel(agent),
    maxIterations,
    ...pickAgentLimit(agent),
    resultAsAnswer,
    maxRpm,
    injectDate,
    coworkers: agent.allowDelegation ? others : [],
    ...rememberedBy(crew, agent),
  };
}

const writeInstructions = ({ role, backstory, goal }: CrewAgent): string =>
  withInputs([`You are ${role}.`, backstory, `Your personal goal: ${goal}`].filter(Boolean).join("\n"));

/**
 * Context that is not given means the outputs of all earlier tasks; an empty list means none. A task that runs beside others sees the last
 * output before them.
 */
function listContext(tasks: readonly CrewTask[], { context, async: isAsync }: CrewTask, index: number) {
  if (context) return context;
  const earlier = tasks.slice(0, index);
  if (!isAsync) return earlier.map(({ id }) => id);
  return earlier
    .filter((task) => !task.async)
    .slice(-1)
    .map(({ id }) => id);
}

function taskPrompt(crew: CrewBody, task: CrewTask, index: number): string {
  const context = listContext(crew.tasks, task, index);
  const parts = [
    `Current task: ${withInputs(task.description)}`,
    `Criteria for your final answer: ${withInputs(task.expectedOutput)}\nReturn the complete content, not a summary of it.`,
    crew.planning !== false && `The plan for this task:\n{{ state.${PLANNING}["${task.id}"] }}`,
    context.length > 0 && `Context from earlier tasks:\n${context.map(valueOf).join(DIVIDER)}`,
  ];
  return parts.filter(Boolean).join("\n\n");
}

/** One call that writes down how each task is best done. */
function planningStep(crew: CrewBody): PlanStep {
  const tasks = crew.tasks.map((task) => taskForPlanning(crew, task));
  const ids = crew.tasks.map(({ id }) => id);
  const toldFiles = crew.tasks.flatMap(({ id, files = [] }) =>
    files.length > 0 ? [{ task: id, files: files.map(withInputs) }] : [],
  );
  return {
    type: "llm",
    title: "Planning",
    instructions:
      "You plan the work of a team. For each task write down, step by step, how it is best done with the agents and tools that there are. Do not do the tasks.",
    prompt: `The tasks, in their order:\n\n${tasks.join("\n\n")}`,
    outputSchema: {
      type: "object",
      required: ids,
      properties: Object.fromEntries(
        ids.map((id) => [id, { type: "string", description: `The plan for ${id}` }]),
      ),
      additionalProperties: false,
    },
    ...(typeof crew.planning === "object" && pickModel(crew.planning)),
    ...(toldFiles.length > 0 && { toldFiles }),
  };
}

function taskForPlanning(crew: CrewBody, task: CrewTask): string {
  const worker = crew.agents[task.agent ?? ""];
  const tools = listToolNames(task.tools ?? worker?.tools ?? []);
  return [
    `Task ${task.id}: ${withInputs(task.description)}`,
    `Expected: ${withInputs(task.expectedOutput)}`,
    worker && `Agent: ${withInputs(worker.role)}`,
    tools.length > 0 && `Tools: ${tools.join(", ")}`,
  ]
    .filter(Boolean)
    .join("\n");
}
