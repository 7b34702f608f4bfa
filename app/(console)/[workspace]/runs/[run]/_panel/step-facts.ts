import { isJsonObject } from "#/lib/json-object.ts";
import type { StepLog } from "#/operations/runs/contract.ts";
import type { LiveTask } from "../live-tasks.ts";
import type { TimelineTask } from "../timeline.ts";
import type { Span } from "../_waterfall/span.ts";
import { type AskedQuestion, readQuestion } from "./read-question.ts";

/** The facts that the log has of one line of the waterfall, put together for reading. */
export interface StepFacts {
  readonly step: string;
  readonly input: unknown;
  /** The question that it has put to a person last. */
  readonly asked: AskedQuestion | undefined;
  readonly output: unknown;
  readonly error: StepLog["error"];
  readonly lines: readonly StepLog[];
  readonly turns: readonly StepLog[];
  readonly tools: readonly StepLog[];
  readonly live: readonly LiveTask[];
}

/** Collects everything that the log has of a step, or of one task of it; undefined for what the log has nothing of. */
export function readFacts({ subject }: Pick<Span, "subject">): StepFacts | undefined {
  if (subject.kind !== "visit" && subject.kind !== "task") return undefined;
  const tasks: readonly TimelineTask[] = subject.kind === "task" ? [subject.task] : subject.group.tasks;
  const lines = tasks.flatMap(({ tries }) => tries).toSorted((a, b) => a.seq - b.seq);
  const ends = tasks.flatMap(({ tries }) => tries.slice(-1));
  const last = lines.at(-1);
  return {
    step: subject.group.step,
    ...readGiven(lines),
    output: last?.output,
    error: last?.error ?? null,
    lines,
    turns: ends.filter(({ kind, status }) => kind === "model" && status !== "waiting"),
    tools: ends.filter(({ kind, input }) => kind === "tool" || (isJsonObject(input) && "tool" in input)),
    live: tasks.flatMap(({ live }) => live ?? []),
  };
}

type Line = Pick<StepLog, "kind" | "status" | "input">;

/** Reads the question of a line: that of an approval, or of a step that waits for a person. */
const questionOf = ({ kind, status, input }: Line): AskedQuestion | undefined =>
  kind === "approval" || status === "waiting" ? readQuestion(input) : undefined;

/** Reads what a step was given, apart from the question that it has put to a person last. */
export function readGiven(lines: readonly Line[]): Pick<StepFacts, "input" | "asked"> {
  const asking = lines.findLast((line) => questionOf(line) !== undefined);
  return {
    input: lines.find((line) => isThere(line.input) && questionOf(line) === undefined)?.input,
    asked: asking && questionOf(asking),
  };
}

export const isThere = (value: unknown) => value !== null && value !== undefined;

/** Reads the text of a key of what a task was given or made. */
export function textIn(value: unknown, key: string): string | undefined {
  const text = isJsonObject(value) ? value[key] : undefined;
  return typeof text === "string" ? text : undefined;
}
