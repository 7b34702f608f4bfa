import * as v from "valibot";
import { evaluate } from "#/agents/definition/expression/expression.ts";
import { type Channels, conversationChannel, type NodeResult, type StepNode } from "#/agents/steps/node.ts";
import { resolvePolicies, saveKeyOf, valueUpdate, withoutDetour } from "#/agents/steps/policies.ts";
import { asMember } from "#/agents/steps/agent/asker.ts";
import { listChecks } from "#/agents/steps/agent/checks.ts";
import { lastAnswered, openCalls, ToolCall } from "#/agents/steps/agent/conversation.ts";
import {
  type Entry,
  parseEntries,
  type Frame,
  getFrame,
  foldFrames,
  ROOT,
  spoken,
} from "#/agents/steps/agent/entries.ts";
import { savesMemory } from "#/agents/steps/agent/answer.ts";
import { rememberNode } from "#/agents/steps/agent/remember.ts";
import { openMemory } from "#/agents/steps/agent/memory-place.ts";
import { checkNode, humanNode } from "#/agents/steps/agent/review.ts";
import { agentTool, failedCall } from "#/agents/steps/agent/run.ts";
import { type AgentStep, findTools } from "#/agents/steps/agent/speaker.ts";
import { summaryNode } from "#/agents/steps/agent/summary.ts";
import { crewLine, takeTurn, type TurnPlace } from "#/agents/steps/agent/turn.ts";

/** The load of a Send to the tool node, in place of the channels. Without a frame the call is the agent's own. */
const SentCall = v.object({ call: ToolCall, frame: v.optional(v.string(), ROOT) });
export type SentCall = v.InferInput<typeof SentCall>;

/** The load of a Send to the node that takes the turns of a team's members. */
const SentTurn = v.object({ turn: v.object({ frame: v.string(), after: v.string() }) });
export type SentTurn = v.InferOutput<typeof SentTurn>;

const readTurn = (sent: Channels) => v.parse(SentTurn, sent).turn;

const readCall = (sent: Channels) => v.parse(SentCall, sent);

interface AgentNodes {
  /** The agent's own turns. */
  readonly model: StepNode;
  readonly tools: StepNode;
  /** Turns of the members of its team. */
  readonly member: StepNode | undefined;
  readonly summary: StepNode;
  readonly check: StepNode | undefined;
  readonly human: StepNode | undefined;
  readonly remember: StepNode | undefined;
}

/** The nodes of an agent: a loop of model and tool calls, and what looks at the answer. */
export function agentNodes(id: string, step: AgentStep): AgentNodes {
  return {
    model: modelNode(id, step),
    tools: toolNode(id, step),
    member: step.team && memberNode(id, step),
    summary: summaryNode(id, step),
    check: listChecks(step).length > 0 ? checkNode(id, step) : undefined,
    human: step.humanInput ? humanNode(id, step) : undefined,
    remember: savesMemory(step) ? rememberNode(id, step) : undefined,
  };
}

const readPlace = (id: string, step: AgentStep, channels: Channels): Omit<TurnPlace, "frame"> => {
  const entries = parseEntries(channels[conversationChannel(id)]);
  return { id, step, entries, frames: foldFrames(entries) };
};

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
    isIdle: (channels) => openCalls(findFrame(channels, conversation, ROOT).messages).length > 0,
    run: async (task, channels) => {
      const place = readPlace(id, step, channels);
      const frame = getFrame(place.frames, ROOT);
      if (place.entries.length === 0 && isPassedOver(step, task.scope)) return passedOver(id, step);
      return takeTurn(task, { ...place, frame });
    },
  };
}

const findFrame = (channels: Channels, conversation: string, id: string): Frame =>
  getFrame(foldFrames(parseEntries(channels[conversation])), id);

const isPassedOver = ({ condition }: AgentStep, scope: Channels): boolean =>
  condition !== undefined && evaluate(condition, scope) !== true;

/** A task whose condition does not hold has an empty output, as if it had said nothing. */
function passedOver(id: string, step: AgentStep): NodeResult {
  const update = withoutDetour(id, step, valueUpdate(saveKeyOf(id, step), ""));
  return { value: "", input: { passedOver: step.condition }, update };
}

/** A member that fails for good gives its colleague an answer too. */
function memberNode(id: string, step: AgentStep): StepNode {
  const conversation = conversationChannel(id);
  return {
    ...resolvePolicies(id, step),
    kind: "model",
    sent: true,
    sees: conversation,
    keyOf: (channels) => `${id}.${readTurn(channels).frame}`,
    // Each answer asks for a turn: the last one gets it.
    isIdle: (channels) => {
      const { frame: name, after } = readTurn(channels);
      const { messages } = findFrame(channels, conversation, name);
      return openCalls(messages).length > 0 || lastAnswered(messages) !== after;
    },
    onFailure: (error, channels) => {
      const { opening } = findFrame(channels, conversation, readTurn(channels).frame);
      if (!opening) return undefined;
      const failed = failedCall(opening.call, error.message).message;
      return { [conversation]: [{ closes: opening.frame }, spoken(opening.from, failed)] satisfies Entry[] };
    },
    run: async (task, channels) => {
      const place = readPlace(id, step, channels);
      return takeTurn(task, { ...place, frame: getFrame(place.frames, readTurn(channels).frame) });
    },
  };
}

function toolNode(id: string, step: AgentStep): StepNode {
  const conversation = conversationChannel(id);
  return {
    ...resolvePolicies(id, step),
    kind: "tool",
    sent: true,
    ...(step.team && { sees: conversation }),
    // A call that fails for good is an answer too: the model continues, and the agent's error policy is for the agent.
    onFailure: (error, channels) => {
      const { call, frame } = readCall(channels);
      return { [conversation]: [spoken(frame, failedCall(call, error.message).message)] };
    },
    keyOf: (channels) => `${id}.${readCall(channels).call.toolCallId}`,
    run: async (task, channels) => {
      const { call, frame: name } = readCall(channels);
      const { frames } = readPlace(id, step, channels);
      const frame = getFrame(frames, name);
      const asking = { ...asMember(task, { step, frames, frame }), memory: openMemory(step, frame, task) };
      const answer = await agentTool(asking, call, findTools(step, frame, task.scope));
      return {
        value: answer.output,
        input: { tool: call.toolName, input: call.input, ...crewLine(step, frame) },
        update: { [conversation]: [spoken(name, answer.message)] },
      };
    },
  };
}
