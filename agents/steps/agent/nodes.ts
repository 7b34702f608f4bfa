import * as v from "valibot";
import { type Channels, conversationChannel, type StepNode } from "#/agents/steps/node.ts";
import { resolvePolicies, saveKeyOf, valueUpdate, withoutDetour } from "#/agents/steps/policies.ts";
import type { PlanStep } from "#/agents/definition/plan/plan.ts";
import { renderText } from "#/agents/definition/expression/template.ts";
import type { AgentTools } from "#/agents/steps/tool/approval.ts";
import { type AgentBrief, agentTool, agentTurn, failedCall } from "#/agents/steps/agent/run.ts";
import { parseConversation, inCallOrder, ToolCall } from "#/agents/steps/agent/conversation.ts";

export type AgentStep = Extract<PlanStep, { type: "agent" }>;

/** What a Send carries to the tool node, in place of the channels. */
const SentCall = v.object({ call: ToolCall });
export type SentCall = v.InferOutput<typeof SentCall>;

const readCall = (sent: Channels): ToolCall => v.parse(SentCall, sent).call;

/** The two nodes of an agent's tool loop. */
export function agentNodes(
  id: string,
  step: AgentStep,
): { readonly model: StepNode; readonly tools: StepNode } {
  return { model: modelNode(id, step), tools: toolNode(id, step) };
}

function modelNode(id: string, step: AgentStep): StepNode {
  const conversation = conversationChannel(id);
  const policies = resolvePolicies(id, step);
  return {
    ...policies,
    kind: "model",
    // What was said belongs to this time: in a loop the agent begins anew.
    onFailure: (error, channels) => {
      const update = policies.onFailure(error, channels);
      return update && { ...update, [conversation]: null };
    },
    run: async (task, channels) => {
      const brief = renderBrief(step, task.scope);
      const said = inCallOrder(parseConversation(channels[conversation]));
      const { turn, added, answer } = await agentTurn(task, brief, said);
      const [first] = added;
      const input =
        first?.role === "user" ? { instructions: brief.instructions, prompt: first.content } : undefined;
      if (!answer) {
        const value = { calls: turn.calls, ...(turn.text && { text: turn.text }) };
        return { value, input, use: turn.use, update: { [conversation]: added } };
      }
      const update = withoutDetour(id, step, {
        ...valueUpdate(saveKeyOf(id, step), answer.value),
        [conversation]: null,
      });
      return { value: answer.value, input, use: turn.use, update };
    },
  };
}

function toolNode(id: string, step: AgentStep): StepNode {
  const conversation = conversationChannel(id);
  return {
    ...resolvePolicies(id, step),
    kind: "tool",
    sent: true,
    // A call that fails for good is an answer too: the model continues, and the agent's error policy is for the agent.
    onFailure: (error, channels) => ({
      [conversation]: [failedCall(readCall(channels), error.message).message],
    }),
    keyOf: (channels) => `${id}.${readCall(channels).toolCallId}`,
    run: async (task, channels) => {
      const call = readCall(channels);
      const answer = await agentTool(task, call, readToolRules(step));
      return {
        value: answer.output,
        input: { tool: call.toolName, input: call.input },
        update: { [conversation]: [answer.message] },
      };
    },
  };
}

function readToolRules({ tools, toolPolicy, toolWrites = "auto" }: AgentStep): AgentTools {
  return { names: tools, policy: toolPolicy, writes: toolWrites };
}

function renderBrief(step: AgentStep, scope: Channels): AgentBrief {
  const render = (text: string) => renderText(text, scope);
  return {
    instructions: step.instructions === undefined ? persona(step, render) : render(step.instructions),
    prompt: render(step.prompt ?? step.goal),
    tools: readToolRules(step),
    model: step.model,
    outputSchema: step.outputSchema,
    maxIterations: step.maxIterations,
  };
}

function persona(step: AgentStep, render: (text: string) => string): string {
  return [
    `You are ${render(step.role)}.`,
    step.backstory && render(step.backstory),
    `Your goal: ${render(step.goal)}`,
  ]
    .filter(Boolean)
    .join("\n");
}
