import * as v from "valibot";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import { explainIssue } from "#/lib/issue-words.ts";

const Name = v.pipe(v.string(), v.maxLength(200));
const Step = { step: Name, map: v.exactOptional(Name) };
const Ends = { from: Name, to: Name, map: v.exactOptional(Name) };
const Point = { x: v.pipe(v.number(), v.finite()), y: v.pipe(v.number(), v.finite()) };
const Key = v.union([Name, v.pipe(v.number(), v.integer(), v.minValue(0))], "must be a key or an index");
const Path = v.pipe(v.array(Key), v.minLength(1), v.maxLength(20));
const Field = { step: v.exactOptional(Name), map: v.exactOptional(Name), field: Path };

/** Every operation, as somebody else has written it. */
const DraftedOperation = v.variant("do", [
  v.strictObject({ do: v.literal("addStep"), ...Step, fields: v.record(v.string(), v.unknown()) }),
  v.strictObject({ do: v.literal("removeStep"), ...Step }),
  v.strictObject({ do: v.literal("renameStep"), ...Step, to: Name }),
  v.strictObject({ do: v.literal("duplicateStep"), ...Step, as: Name }),
  v.strictObject({ do: v.literal("moveStep"), ...Step, before: v.exactOptional(Name) }),
  v.strictObject({
    do: v.literal("connect"),
    ...Ends,
    if: v.exactOptional(v.string()),
    max: v.exactOptional(v.number()),
  }),
  v.strictObject({ do: v.literal("disconnect"), ...Ends }),
  v.strictObject({ do: v.literal("setField"), ...Field, value: v.unknown() }),
  v.strictObject({ do: v.literal("unsetField"), ...Field }),
  v.strictObject({ do: v.literal("setPosition"), ...Step, ...Point }),
  v.strictObject({ do: v.literal("addNote"), note: Name, text: v.string(), ...Point }),
  v.strictObject({ do: v.literal("removeNote"), note: Name }),
]) satisfies v.GenericSchema<unknown, Operation>;

/** Each of them reads the whole text anew. */
const MOST_OPERATIONS = 100;
const LONGEST_SUMMARY = 2_000;

const Answer = v.object({
  summary: v.optional(v.pipe(v.string(), v.trim()), ""),
  operations: v.pipe(v.array(DraftedOperation), v.maxLength(MOST_OPERATIONS)),
});

/** What a model wants to do to a definition, and its own words for it. */
interface DraftedChange {
  readonly summary: string;
  readonly operations: readonly Operation[];
}

/** Reads what a model has answered. @returns the change, or why the answer is none */
export function readDraftedChange(
  answer: unknown,
): { readonly change: DraftedChange } | { readonly reason: string } {
  const read = v.safeParse(Answer, answer);
  if (read.success) {
    const { summary, operations } = read.output;
    return { change: { summary: summary.slice(0, LONGEST_SUMMARY), operations } };
  }
  const [issue] = read.issues;
  return { reason: `${v.getDotPath(issue) ?? "The answer"}: ${explainIssue(issue)}.` };
}
