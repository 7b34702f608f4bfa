import * as v from "valibot";
import { PARKED } from "#/agents/steps/node.ts";
import { ParkedTask, resumedIn, toResumed } from "#/agents/langgraph/compile/parked-task.ts";
import { SENT } from "#/agents/langgraph/compile/loose-graph.ts";
import type { BlobRow } from "#/agents/langgraph/checkpoint/store.ts";

/** As LangGraph stores a Send. */
const StoredSend = v.object({
  lg_name: v.literal("Send"),
  node: v.string(),
  args: v.record(v.string(), v.unknown()),
});
type StoredSend = Readonly<v.InferOutput<typeof StoredSend>>;

/** A checkpoint's tasks that wait. */
interface StoredTasks {
  readonly parked: readonly ParkedTask[];
  /** The Sends it is to run besides what its channels trigger. */
  readonly sent: readonly StoredSend[];
  /** True where it was copied from another run: nobody has been asked anything in this one. */
  readonly isFork: boolean;
}

interface Resumption {
  /** The Sends that the checkpoint is to run instead of what was sent before; undefined: nothing changes. */
  readonly sends: readonly StoredSend[] | undefined;
  /** Waits whose answers are taken in by that. */
  readonly taken: readonly string[];
}

/** The tasks that wait, as a checkpoint's channels have them. @throws when they were not stored by this engine */
export function parkedIn(blobs: Iterable<BlobRow>): readonly ParkedTask[] {
  return Object.values(v.parse(v.record(v.string(), ParkedTask), valueOf(blobs, PARKED) ?? {}));
}

/** Lists what a checkpoint is to run besides what its channels trigger. */
export function sentIn(blobs: Iterable<BlobRow>): readonly StoredSend[] {
  return v.parse(v.array(StoredSend), valueOf(blobs, SENT) ?? []);
}

function valueOf(blobs: Iterable<BlobRow>, name: string): unknown {
  for (const { channel, value } of blobs) if (channel === name && value !== null) return JSON.parse(value);
  return undefined;
}

/**
 * Decides which parked tasks continue: those whose wait is over; all of them in a fork, which asks anew. What was sent before keeps its place in the list:
 * LangGraph tells sent tasks apart by it, and finds by it what they have written already.
 */
export function resumeParked(stored: StoredTasks, answers: Readonly<Record<string, unknown>>): Resumption {
  return stored.isFork ? askAnew(stored) : goOn(stored, answers);
}

function goOn({ parked, sent }: StoredTasks, answers: Readonly<Record<string, unknown>>): Resumption {
  // Sent already: its superstep is repeated, and what it asks next is asked when that is over.
  const known = idsIn(sent);
  const over = parked.filter(({ id }) => id in answers && !known.has(id));
  const taken = over.map(({ id }) => id);
  const sends = over.map((task) =>
    toSend(isAnswered(task) ? { ...task, answers: [...task.answers, answers[task.id]] } : task),
  );
  return { sends: sends.length > 0 ? [...sent, ...sends] : undefined, taken };
}

const isAnswered = ({ on, begins }: ParkedTask): boolean => on !== "retry" && begins === undefined;

function askAnew({ parked, sent }: StoredTasks): Resumption {
  const known = idsIn(sent);
  const again = sent.map((one) => {
    const task = resumedIn(one.args);
    return task ? toSend(anew(task)) : one;
  });
  const sends = [...again, ...parked.filter(({ id }) => !known.has(id)).map((task) => toSend(anew(task)))];
  return { sends: sends.length > 0 ? sends : undefined, taken: [] };
}

/** Nobody has approved anything yet, so it sees the state of now: whoever forks may have changed it. */
const anew = (task: ParkedTask): ParkedTask => ({
  ...task,
  answers: [],
  askers: undefined,
  results: {},
  failures: 0,
  error: undefined,
  begins: undefined,
  seen: undefined,
});

const idsIn = (sent: readonly StoredSend[]) => new Set(sent.flatMap(({ args }) => resumedIn(args)?.id ?? []));

const toSend = (task: ParkedTask): StoredSend => ({
  lg_name: "Send",
  node: task.node,
  args: toResumed(task),
});
