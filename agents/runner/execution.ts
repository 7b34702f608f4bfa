import { publicState } from "#/agents/langgraph/compile/channels.ts";
import type { NodePlace } from "#/agents/langgraph/compile/graph-call.ts";
import { type Channels, PARKED, stateChannel, type StepNode, type Update } from "#/agents/steps/node.ts";
import type { ParkedTask } from "#/agents/langgraph/compile/parked-task.ts";
import type { RunError, Wait } from "#/agents/engine/run.ts";
import type { InnerCall } from "#/agents/steps/task.ts";
import type { HoldKind } from "#/agents/vocabulary/wait.ts";

/** A node at work: one try of one task. */
export interface Execution {
  readonly node: StepNode;
  readonly place: NodePlace;
  /** The task's idempotency key. Not LangGraph's task id: that one depends on a checkpoint id which is random until the first commit. */
  readonly id: string;
  readonly superstep: number;
  readonly startedAt: number;
  /** Failed tries of this task before this one. */
  readonly failures: number;
  /** Results of its calls so far, by their names: a call is made once, however often the task begins anew. */
  readonly results: Record<string, unknown>;
  /** Calls within this try that the log has to be told of. */
  readonly innerCalls: InnerCall[];
}

/** The id of what the execution would wait for. It is stable before the first commit. */
export const chooseWaitId = ({ node, place, superstep }: Execution): string =>
  place.parked?.id ?? `${superstep}.${node.keyOf(place.channels)}`;

type End = "answer" | "try" | "turn";

/** Failed tries, when the task goes on. */
const FAILURES: Readonly<Record<End, (before: number) => number>> = {
  answer: () => 0,
  try: (before) => before + 1,
  turn: (before) => before,
};

interface Parking {
  readonly wait: Wait;
  /** The public state of the run, for tasks that were sent something else. */
  readonly state: Channels;
  /** The meaning that the wait's end has for the task: an answer, another try after a failed one, or its turn. */
  readonly end: End;
  /** Why it is tried again, if that is what it waits for. */
  readonly error?: RunError;
}

/** Returns what the execution leaves behind while it waits. */
export function parkedUpdate(execution: Execution, { wait, state, end, error }: Parking): Update {
  const { node, place, superstep, failures, results } = execution;
  const on: HoldKind = end === "try" ? "retry" : wait.kind;
  const task: ParkedTask = {
    id: wait.id,
    node: place.name,
    on,
    superstep,
    answers: [...(place.parked?.answers ?? [])],
    askers: askersAfter(place.parked, end === "answer" ? wait : undefined),
    results,
    failures: FAILURES[end](failures),
    ...(end === "turn" && { begins: "anew" }),
    error,
    seen: place.parked?.seen ?? seenBy(node, node.sent ? state : publicState(place.channels)),
    sent: node.sent ? place.channels : undefined,
  };
  return { [PARKED]: { [wait.id]: task } };
}

/** Only what asks in parts has to know whose each answer is. */
function askersAfter(parked: ParkedTask | undefined, asked: Wait | undefined): string[] | undefined {
  const before = parked?.askers;
  if (!asked || (!before && asked.asker === undefined)) return before;
  const { answers = [] } = parked ?? {};
  return [...(before ?? answers.map(() => "")), asked.asker ?? ""];
}

/** A task that is done waits no more. */
export const unparkedUpdate = ({ place }: Execution): Update =>
  place.parked ? { [PARKED]: { [place.parked.id]: null } } : {};

/** The channels of the state that the node reads. */
function seenBy(node: StepNode, state: Channels): Channels {
  const reads = node.reads?.();
  return Object.fromEntries(
    Object.entries(state).flatMap(([key, value]) =>
      reads?.has(key) === false ? [] : [[stateChannel(key), value]],
    ),
  );
}

/** The part of the public state that a map's parts are to see of the run. */
export function seenByParts({ node, place }: Execution): Readonly<Record<string, unknown>> {
  const reads = node.reads?.();
  return Object.fromEntries(
    Object.entries(publicState(place.channels)).filter(([key]) => reads?.has(key) !== false),
  );
}
