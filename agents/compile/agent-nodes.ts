import type { ModelMessage } from "ai";
import { type Channels, conversationChannel, type StepNode } from "#/agents/compile/node.ts";
import { policiesOf, valueUpdate } from "#/agents/compile/policies.ts";
import type { Plan, PlanStep } from "#/agents/definition/plan.ts";
import { renderText } from "#/agents/definition/template.ts";
import { type AgentBrief, agentTool, agentTurn } from "#/agents/steps/agent.ts";
import type { ToolCall } from "#/agents/steps/model-turn.ts";

type AgentStep = Extract<PlanStep, { type: "agent" }>;

/** What a Send carries to the tool node. */
export interface SentCall {
  readonly call: ToolCall;
}

/** The two nodes of an agent's tool loop. */
export function agentNodes(plan: Plan, id: string): { readonly model: StepNode; readonly tools: StepNode } {
  const step = plan.steps[id] as AgentStep;
  const conversation = conversationChannel(id);
  const policies = policiesOf(id, step);
  return {
    model: {
      ...policies,
      kind: "model",
      run: async (task, channels) => {
        const brief = briefOf(step, task.scope);
        const { turn, added, answer } = await agentTurn(task, brief, (channels[conversation] ?? []) as ModelMessage[]);
        const input = added[0]?.role === "user" ? { instructions: brief.instructions, prompt: added[0].content } : undefined;
        if (!answer) {
          return { value: { calls: turn.calls, ...(turn.text && { text: turn.text }) }, input, use: turn.use, update: { [conversation]: added } };
        }
        return { value: answer.value, input, use: turn.use, update: { ...valueUpdate(policies.saveTo, answer.value), [conversation]: null } };
      },
    },
    tools: {
      ...policies,
      kind: "tool",
      keyOf: (channels) => `${id}.${(channels as unknown as SentCall).call.toolCallId}`,
      run: async (task, channels) => {
        const { call } = channels as unknown as SentCall;
        const answer = await agentTool(task, call);
        return { value: answer.output, input: { tool: call.toolName, input: call.input }, update: { [conversation]: [answer.message] } };
      },
    },
  };
}

function briefOf(step: AgentStep, scope: Channels): AgentBrief {
  const render = (text: string) => renderText(text, scope);
  return {
    instructions: step.instructions === undefined ? persona(step, render) : render(step.instructions),
    prompt: render(step.prompt ?? step.goal),
    tools: step.tools,
    model: step.model,
    outputSchema: step.outputSchema,
    maxIterations: step.maxIterations,
  };
}

function persona(step: AgentStep, render: (text: string) => string): string {
  return [`You are ${render(step.role)}.`, step.backstory && render(step.backstory), `Your goal: ${render(step.goal)}`].filter(Boolean).join("\n");
}
