import * as v from "valibot";
import { parseDuration } from "#/agents/definition/format/duration.ts";
import { shortened } from "#/agents/definition/problem.ts";
import { asMember } from "#/agents/steps/agent/asker.ts";
import { callsIn } from "#/agents/steps/agent/conversation.ts";
import type { Entry, Frame } from "#/agents/steps/agent/entries.ts";
import type { AgentStep, Speaker } from "#/agents/steps/agent/speaker.ts";
import type { WaitRequest } from "#/agents/steps/parking.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

interface LimitPlace {
  readonly step: AgentStep;
  readonly frames: ReadonlyMap<string, Frame>;
  readonly frame: Frame;
}

/** As many as a definition may give an agent; who needs more is asked again. */
const MOST_ADDED = 50;

const Answer = v.looseObject({
  action: v.string(),
  values: v.nullish(v.object({ turns: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))) })),
  timedOut: v.optional(v.boolean(), false),
});

/**
 * Sees to it that whoever speaks in a conversation may take its next turn. One that has used its turns goes on when a person adds some, or fails, as
 * its definition says; without a word there, the turn itself asks for a final answer.
 * @returns the entry that says how many turns were added; none where the limit is not reached
 * @throws Parking while a person is asked; StepError "turn-limit"
 */
export function passTurnLimit(task: Task, place: LimitPlace, speaker: Speaker): readonly Entry[] {
  const { frame } = place;
  const { maxIterations, turnLimit } = speaker.brief;
  if (turnLimit.onLimit === undefined || frame.turns < maxIterations + frame.addedTurns) return [];
  const used = describeUsed(speaker, frame);
  if (turnLimit.onLimit === "fail")
    throw new StepError(
      "turn-limit",
      `${used} and has no final answer. Raise maxIterations, or have a person decide (onLimit: ask).`,
    );
  const asked = asMember(task, place).wait(buildQuestion(task, frame, speaker));
  const { action, values, timedOut } = v.parse(Answer, asked);
  if (action === "raise")
    return [{ raised: { frame: frame.id, turns: values?.turns ?? chooseOffer(speaker) } }];
  const why = timedOut ? "nobody has given it more in the time to answer (askTimeout)" : "was stopped there";
  throw new StepError("turn-limit", `${used} and ${why}. Continue from this step to be asked again.`);
}

const describeUsed = ({ self }: Speaker, { turns }: Frame): string =>
  `The agent “${shortened(self.role)}” has used its ${countTurns(turns)}`;

const countTurns = (turns: number) => (turns === 1 ? "1 turn" : `${turns} turns`);

const chooseOffer = ({ brief }: Speaker): number => Math.min(brief.maxIterations, MOST_ADDED);

function buildQuestion(task: Task, frame: Frame, speaker: Speaker): WaitRequest {
  const { askTimeout } = speaker.brief.turnLimit;
  return {
    kind: "approval",
    step: task.step,
    ...(askTimeout !== undefined && {
      dueInMs: parseDuration(askTimeout),
      dueValue: { action: "stop", timedOut: true },
    }),
    approval: {
      subject: "turns",
      title: `${describeUsed(speaker, frame)}. Raise by how many, or stop?`,
      description: `Each turn is a call of its model, with the tools that it asks for. With more turns it goes on where it is. ${describeStop(frame)}`,
      shown: { "turns used": frame.turns, "called last": nameLastCalls(frame) },
      actions: ["raise", "stop"],
      form: {
        type: "object",
        properties: {
          turns: {
            type: "integer",
            title: "More turns",
            minimum: 1,
            maximum: MOST_ADDED,
            default: chooseOffer(speaker),
          },
        },
        required: ["turns"],
      },
    },
  };
}

/** A member of a team that fails is an answer for whoever has asked it. */
const describeStop = ({ opening }: Frame): string =>
  opening
    ? "If it is stopped, it gives no answer, and whoever asked it is told so."
    : "If it is stopped, its step fails.";

/** What a person sees of its work: the tools that it has called in its last turn. */
function nameLastCalls({ messages }: Frame): string {
  const last = messages.findLast(({ role }) => role === "assistant");
  return callsIn(last)
    .map(({ toolName }) => toolName)
    .join(", ");
}
