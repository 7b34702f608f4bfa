import { pickModel } from "#/agents/definition/format/fields.ts";
import { renderText } from "#/agents/definition/expression/template.ts";
import { pickAgentLimit } from "#/agents/definition/format/crew.ts";
import type { PlanStep } from "#/agents/definition/plan/plan.ts";
import type { Member, Team } from "#/agents/definition/plan/team.ts";
import { type Coworker, coworkersIn } from "#/agents/steps/agent/delegation.ts";
import type { Frame } from "#/agents/steps/agent/entries.ts";
import type { AgentBrief } from "#/agents/steps/agent/run.ts";
import type { Channels } from "#/agents/steps/node.ts";
import type { Task } from "#/agents/steps/task.ts";
import type { AgentTools } from "#/agents/steps/tool/approval.ts";
import { chooseTools } from "#/agents/steps/tool/choose-tools.ts";

export type AgentStep = Extract<PlanStep, { type: "agent" }>;

/** The agent that speaks in a conversation, with all texts filled in. */
export interface Speaker {
  readonly brief: AgentBrief;
  readonly self: Coworker;
  readonly resultAsAnswer: readonly string[];
}

/** Returns who speaks in a conversation: the agent, or the member of its team that the conversation was opened for. */
export function findSpeaker(step: AgentStep, frame: Frame, { scope, ports, step: name }: Task): Speaker {
  const render = (text: string) => renderText(text, scope);
  const { team } = step;
  const coworkers = team ? coworkersIn(team, frame).flatMap((id) => findCoworker(team, id, render)) : [];
  const member = findMember(step, frame);
  const id = frame.opening?.member ?? team?.self ?? "";
  const { injectDate, role, resultAsAnswer, maxRpm } = member ?? step;
  const brief = member ? memberBrief(member, step, render) : renderBrief(step, render);
  const instructions = injectDate ? `${brief.instructions}\n${dateLine(ports.now())}` : brief.instructions;
  const tools = findTools(step, frame, scope);
  const pace = makePace(id, name, maxRpm);
  return {
    brief: { ...brief, instructions, coworkers, tools, pace, mustBePriced: hasOwnBudget(step) },
    self: { id, role: render(role) },
    resultAsAnswer,
  };
}

/** Tells whether what an agent spends on its work, its checks with it, is limited by itself. */
export const hasOwnBudget = ({ until }: AgentStep): boolean => until?.maxCostUsd !== undefined;

/** An agent without colleagues is known by its step. */
const makePace = (id: string, step: string, perMinute: number | undefined): AgentBrief["pace"] =>
  perMinute === undefined ? undefined : { name: `agent ${id || step}`, perMinute };

/** Returns the tools of whoever speaks in a conversation. */
export function findTools(step: AgentStep, frame: Frame, scope: Channels): AgentTools {
  const { tools, toolPolicy } = findMember(step, frame) ?? step;
  return { ...chooseTools(tools, scope), policy: toolPolicy, writes: step.toolWrites ?? "auto" };
}

type Render = (text: string) => string;

/** The member that speaks in a conversation; undefined for the agent itself. */
export function findMember({ team }: AgentStep, { opening }: Frame): Member | undefined {
  if (!opening) return undefined;
  const member = team?.members[opening.member];
  if (!member) throw new Error(`There is no member “${opening.member}” in the team of this step.`);
  return member;
}

function findCoworker({ members }: Team, id: string, render: Render): readonly Coworker[] {
  const member = members[id];
  return member ? [{ id, role: render(member.role) }] : [];
}

const dateLine = (now: number) => `Today is ${new Date(now).toISOString().slice(0, 10)} (UTC).`;

type Brief = Omit<AgentBrief, "coworkers" | "tools" | "pace" | "mustBePriced">;

/** Makes the brief of a member, whose question stands in its conversation. It sees the files of the task that it helps with. */
function memberBrief(member: Member, { files = [] }: AgentStep, render: Render): Brief {
  const { choice, maxIterations } = member;
  return {
    instructions: render(member.instructions),
    prompt: "",
    choice,
    maxIterations,
    atLimit: pickAgentLimit(member),
    examples: [],
    files,
  };
}

function renderBrief(step: AgentStep, render: Render): Brief {
  const { maxIterations, messages = [] } = step;
  return {
    instructions: step.instructions === undefined ? persona(step, render) : render(step.instructions),
    prompt: render(step.prompt ?? step.goal),
    choice: pickModel(step),
    outputSchema: makeAnswerSchema(step),
    maxIterations,
    atLimit: pickAgentLimit(step),
    examples: messages.map(({ role, content, files = [] }) => ({ role, content: render(content), files })),
    files: step.files ?? [],
  };
}

function persona(step: AgentStep, render: Render): string {
  const routes = Object.entries(step.routes ?? {}).map(([name, when]) => `- ${name}: ${render(when)}`);
  return [
    `You are ${render(step.role)}.`,
    step.backstory && render(step.backstory),
    `Your goal: ${render(step.goal)}`,
    routes.length > 0 && `When you are done, choose the route that fits best:\n${routes.join("\n")}`,
  ]
    .filter(Boolean)
    .join("\n");
}

/** The schema that the answer has to fit: with routes it says which one was taken. */
export function makeAnswerSchema({ outputSchema, routes }: AgentStep): AgentBrief["outputSchema"] {
  if (!routes) return outputSchema;
  const definitions = outputSchema?.["$defs"];
  return {
    ...(definitions !== undefined && { $defs: definitions }),
    type: "object",
    required: ["route", "answer"],
    properties: {
      route: { type: "string", enum: Object.keys(routes) },
      answer: outputSchema ?? { type: "string" },
    },
    additionalProperties: false,
  };
}
