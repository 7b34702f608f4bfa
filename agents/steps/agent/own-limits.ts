import * as v from "valibot";
import { parseDuration } from "#/agents/definition/format/duration.ts";
import { shortened } from "#/agents/definition/problem.ts";
import { readCandidate } from "#/agents/steps/agent/answer.ts";
import { asMember } from "#/agents/steps/agent/asker.ts";
import { readProgress } from "#/agents/steps/agent/checks.ts";
import { callsIn } from "#/agents/steps/agent/conversation.ts";
import type { Entry, Frame, Raise } from "#/agents/steps/agent/entries.ts";
import { LIMIT_KINDS, type OwnLimit } from "#/agents/steps/agent/limit-kinds.ts";
import type { AgentStep, Speaker } from "#/agents/steps/agent/speaker.ts";
import type { WaitRequest } from "#/agents/steps/parking.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

interface LimitPlace {
  readonly step: AgentStep;
  readonly entries: readonly Entry[];
  readonly frames: ReadonlyMap<string, Frame>;
  readonly frame: Frame;
}

/** Entries that say what was added to which limits; or the answer that a person has let count. */
type Passed = { readonly raised: readonly Entry[] } | { readonly taken: unknown };

const RAISE = "raise";
const TAKE = "take_last_answer";
const STOP = "stop";

const Answer = v.looseObject({
  action: v.string(),
  values: v.nullish(v.record(v.string(), v.unknown())),
  timedOut: v.optional(v.boolean(), false),
});

/**
 * Sees to it that whoever speaks in a conversation may take its next turn. One that has used its turns, its rounds or its money goes on when a person
 * adds some, is done when they take its last answer, or fails, as its definition says. Without a word there, the turn and the check see to it.
 * @throws Parking while a person is asked; StepError "turn-limit", "round-limit", "cost-limit"
 */
export function passLimits(task: Task, place: LimitPlace, speaker: Speaker): Passed {
  if (speaker.brief.atLimit.onLimit === undefined) return { raised: [] };
  const raised: Entry[] = [];
  for (const limit of listReached(place, speaker)) {
    const answer = decideLimit(task, { ...place, speaker, limit, last: findLastAnswer(place) });
    if ("taken" in answer) return answer;
    raised.push({ raised: { frame: place.frame.id, ...answer } });
  }
  return { raised };
}

function listReached({ step: { until }, entries, frame }: LimitPlace, { brief }: Speaker): OwnLimit[] {
  const { rejected, spentUsd, added } = readProgress(entries);
  const limits: OwnLimit[] = [
    { kind: "turns", most: brief.maxIterations + frame.addedTurns, used: frame.turns },
  ];
  if (until) limits.push({ kind: "rounds", most: until.rounds + added.rounds, used: rejected.judge });
  if (until?.maxCostUsd !== undefined)
    limits.push({ kind: "costUsd", most: until.maxCostUsd + added.costUsd, used: spentUsd });
  return limits.filter(({ most, used }) => used > 0 && used >= most);
}

/** An answer that has passed everything but the last check, and what was said against it. */
interface LastAnswer {
  readonly value: unknown;
  readonly complaint: string;
}

function findLastAnswer({ step, entries }: LimitPlace): LastAnswer | undefined {
  const place = entries.findLastIndex((entry) => "feedback" in entry && entry.feedback.by === "judge");
  const entry = entries[place];
  if (!entry || !("feedback" in entry)) return undefined;
  const { complaint = entry.feedback.text } = entry.feedback;
  return { value: readCandidate(step, entries.slice(0, place)), complaint };
}

interface Reached extends LimitPlace {
  readonly speaker: Speaker;
  readonly limit: OwnLimit;
  readonly last: LastAnswer | undefined;
}

/** @throws Parking, StepError */
function decideLimit(task: Task, reached: Reached): Raise | { readonly taken: unknown } {
  const { speaker, limit, last } = reached;
  const kind = LIMIT_KINDS[limit.kind];
  const used = describeUsed(reached);
  if (speaker.brief.atLimit.onLimit === "fail")
    throw new StepError(
      kind.code,
      `${used} and has no answer that counts. Raise ${kind.field}, or have a person decide (onLimit: ask).`,
    );
  const asked = asMember(task, reached).wait(buildQuestion(task, reached));
  const { action, values, timedOut } = v.parse(Answer, asked);
  if (action === RAISE) return { [limit.kind]: readMore(values?.[limit.kind]) ?? kind.offer(limit) };
  if (action === TAKE && last) return { taken: last.value };
  const why = timedOut ? "nobody has given it more in the time to answer (askTimeout)" : "was stopped there";
  throw new StepError(kind.code, `${used} and ${why}. Continue from this step to be asked again.`);
}

const readMore = (value: unknown): number | undefined =>
  typeof value === "number" && value > 0 ? value : undefined;

const describeUsed = ({ speaker: { self }, limit }: Reached): string =>
  `The agent “${shortened(self.role)}” has used its ${LIMIT_KINDS[limit.kind].say(limit.most)}`;

function buildQuestion(task: Task, reached: Reached): WaitRequest {
  const { speaker, limit, last, frame } = reached;
  const { askTimeout } = speaker.brief.atLimit;
  const kind = LIMIT_KINDS[limit.kind];
  return {
    kind: "approval",
    step: task.step,
    ...(askTimeout !== undefined && {
      dueInMs: parseDuration(askTimeout),
      dueValue: { action: STOP, timedOut: true },
    }),
    approval: {
      subject: kind.subject,
      title: `${describeUsed(reached)}. Raise by ${kind.howMuch}, or stop?`,
      description: [kind.explained, last && TAKING, describeStop(frame)].filter(Boolean).join(" "),
      shown: { [kind.usedName]: kind.show(limit.used), ...showWork(reached) },
      actions: [RAISE, ...(last ? [TAKE] : []), STOP],
      form: {
        type: "object",
        properties: { [limit.kind]: kind.buildField(limit) },
        required: [limit.kind],
      },
    },
  };
}

const TAKING = "Its last answer can count as it is.";

/** A member of a team that fails is an answer for whoever has asked it. */
const describeStop = ({ opening }: Frame): string =>
  opening
    ? "If it is stopped, it gives no answer, and whoever asked it is told so."
    : "If it is stopped, its step fails.";

/** What a person sees of its work: the answer that was sent back and why, and the tools that it has called since. */
function showWork({ last, frame }: Reached): Readonly<Record<string, unknown>> {
  const calls = nameLastCalls(frame);
  return {
    ...(last && { "what is lacking": last.complaint, "last answer": last.value }),
    ...((calls !== "" || !last) && { "called last": calls }),
  };
}

function nameLastCalls({ messages }: Frame): string {
  const last = messages.findLast(({ role }) => role === "assistant");
  return callsIn(last)
    .map(({ toolName }) => toolName)
    .join(", ");
}
