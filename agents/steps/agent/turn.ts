import { findToolAnswer, finished, isUnreviewed, spentOn, written } from "#/agents/steps/agent/answer.ts";
import { asText } from "#/agents/steps/agent/checks.ts";
import { inCallOrder, type ToolCall } from "#/agents/steps/agent/conversation.ts";
import { decideDelegation } from "#/agents/steps/agent/delegation.ts";
import { canBeShorter, type Entry, type Frame, spoken } from "#/agents/steps/agent/entries.ts";
import { type AgentTurn, agentTurn, refusal, resultMessage } from "#/agents/steps/agent/run.ts";
import { passLimits } from "#/agents/steps/agent/own-limits.ts";
import { recallFirst } from "#/agents/steps/agent/recall.ts";
import { type AgentStep, type Speaker, findSpeaker } from "#/agents/steps/agent/speaker.ts";
import type { NodeResult, Update } from "#/agents/steps/node.ts";
import { StepError, toStepError } from "#/agents/steps/step-error.ts";
import { isParking } from "#/agents/steps/parking.ts";
import type { Task } from "#/agents/steps/task.ts";

/** The place of a turn: the step, its conversations and the one that continues. */
export interface TurnPlace {
  readonly id: string;
  readonly step: AgentStep;
  readonly entries: readonly Entry[];
  readonly frames: ReadonlyMap<string, Frame>;
  readonly frame: Frame;
}

/** Takes one turn of a conversation: one model call, or none where a tool has given the answer. @throws StepError, APICallError */
export async function takeTurn(task: Task, place: TurnPlace): Promise<NodeResult> {
  const { step, frame } = place;
  const speaker = findSpeaker(step, frame, task);
  const input = describeTurn(place, speaker);
  const given = findToolAnswer(frame, speaker.resultAsAnswer);
  if (given) return { value: given.value, input, update: concluded(place, given.value, []) };
  const passed = passLimits(task, place, speaker);
  if ("taken" in passed)
    return { value: passed.taken, input, update: finished(place.id, step, passed.taken) };
  const { raised } = passed;
  const facts = await recallFirst(task, place, speaker);
  const told: Entry[] = facts ? [...raised, { told: { frame: frame.id, facts: [...facts] } }] : [...raised];
  const taken = await turnOrOverflow(task, { ...frame, told: facts ?? frame.told }, speaker);
  if (taken instanceof StepError) {
    const update = written(place.id, [...told, { overflows: frame.id }]);
    return { value: { summarising: true }, input, use: taken.use, update };
  }
  return { input, use: taken.turn.use, ...settleTurn(place, speaker, { ...taken, told }) };
}

/** Returns the failure of a call that was longer than the model can read, where a summary may help. @throws every other failure */
async function turnOrOverflow(task: Task, frame: Frame, { brief }: Speaker): Promise<AgentTurn | StepError> {
  try {
    return await agentTurn(task, brief, {
      messages: inCallOrder(frame.messages),
      turns: frame.turns,
      facts: frame.told ?? [],
    });
  } catch (error) {
    if (isParking(error)) throw error;
    const failure = toStepError(error);
    if (failure.code === "model-context" && canBeShorter(frame)) return failure;
    throw error;
  }
}

function settleTurn(
  place: TurnPlace,
  speaker: Speaker,
  { turn, added, answer, told }: AgentTurn & { readonly told: readonly Entry[] },
): Pick<NodeResult, "value" | "update"> {
  const { id, step, frame } = place;
  const said = [...told, ...added.map((message) => spoken(frame.id, message)), ...spentOn(step, turn.use)];
  if (answer) return { value: answer.value, update: concluded(place, answer.value, said) };
  const value = { calls: turn.calls, ...(turn.text && { text: turn.text }) };
  return { value, update: written(id, [...said, ...decideDelegations(place, speaker, turn.calls)]) };
}

/** The answer of a member goes to whoever asked; the agent's own is stored, or looked at first. */
function concluded({ id, step, frame }: TurnPlace, value: unknown, said: readonly Entry[]): Update {
  if (frame.opening) {
    const { call, from } = frame.opening;
    const answered = spoken(from, resultMessage(call, { type: "text", value: asText(value) }));
    return written(id, [{ closes: frame.id }, ...said.filter((entry) => "spentUsd" in entry), answered]);
  }
  return isUnreviewed(step) ? finished(id, step, value) : written(id, said);
}

/** Decides the calls by which work is given away. */
function decideDelegations(
  { frame, frames }: TurnPlace,
  { self, brief }: Speaker,
  calls: readonly ToolCall[],
): readonly Entry[] {
  const before = frames.size - 1;
  const entries: Entry[] = [];
  for (const call of calls) {
    const opened = before + entries.filter((entry) => "opens" in entry).length;
    const delegator = { self, coworkers: brief.coworkers };
    const decided = decideDelegation(call, { frame, delegator, opened });
    if (!decided) continue;
    if ("opens" in decided) entries.push(decided);
    else entries.push(spoken(frame.id, refusal(call, decided.refused).message));
  }
  return entries;
}

/** The log's line of a turn: the first one of a conversation has its texts. */
function describeTurn(
  { step, frame }: TurnPlace,
  speaker: Speaker,
): Readonly<Record<string, unknown>> | undefined {
  const { instructions, prompt, files, examples } = speaker.brief;
  const line = crewLine(step, frame, speaker.self.role);
  const isFirst = frame.messages.length === (frame.opening ? 1 : 0);
  if (!isFirst) return Object.keys(line).length > 0 ? line : undefined;
  const shown = {
    ...(examples.length > 0 && { messages: examples }),
    ...(files.length > 0 && { files }),
  };
  return { instructions, prompt: frame.opening?.prompt ?? prompt, ...shown, ...line };
}

/** Describes, for the log, who is at work for whom; empty for an agent without colleagues. */
export function crewLine(
  { team }: AgentStep,
  { id, opening, depth }: Frame,
  role?: string,
): { readonly crew?: Readonly<Record<string, unknown>> } {
  if (!team) return {};
  const agent = opening?.member ?? team.self;
  return {
    crew: {
      agent,
      ...(role !== undefined && { role }),
      frame: id,
      depth,
      ...(opening && { from: opening.from }),
    },
  };
}
