import { isJsonObject } from "#/lib/json-object.ts";
import type { StepLog } from "#/operations/runs/contract.ts";
import type { Span } from "./span.ts";

interface Outcome {
  readonly text: string;
  /** Somebody is waited for. */
  readonly loud: boolean;
}

const LONGEST = 90;

/** Says in a few words what came of a line: the answer, the error, or who is waited for. */
export function sayOutcome(span: Span): Outcome | undefined {
  const last = lastLine(span);
  if (!last) return undefined;
  if (span.status === "waiting")
    return last.kind === "approval" ? { text: "waits for a person", loud: true } : undefined;
  const text = firstLine(last.error?.message ?? sayValue(last.output));
  return text === "" ? undefined : { text, loud: false };
}

/** The newest line of what has nothing below it. */
function lastLine({ subject, children }: Span): StepLog | undefined {
  if (children.length > 0) return undefined;
  if (subject.kind === "task") return subject.task.tries.at(-1);
  return subject.kind === "visit" ? subject.group.tasks.at(-1)?.tries.at(-1) : undefined;
}

/** A value in words: a text itself, of an object the plain values that it holds. */
function sayValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? "item" : "items"}`;
  if (!isJsonObject(value)) return "";
  return Object.values(value)
    .slice(0, 4)
    .flatMap((part) => (typeof part === "string" || typeof part === "number" ? [String(part)] : []))
    .filter((part) => part !== "")
    .join(", ");
}

function firstLine(text: string): string {
  const line =
    text
      .slice(0, 4 * LONGEST)
      .trimStart()
      .split("\n", 1)[0] ?? "";
  return line.replace(/^#+\s*/, "").slice(0, LONGEST);
}
