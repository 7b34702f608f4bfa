import * as v from "valibot";
import { TOOL_EFFECTS } from "#/agents/vocabulary/tool.ts";
import { adviceFor, isDuration } from "#/agents/definition/format/duration.ts";

/** The shapes that the parts of a definition are put together from. */

export const Text = v.pipe(v.string(), v.minLength(1, "must not be empty"));
/** Names of tools, or an expression that gives such a list when the step runs. */
export const ToolList = v.union(
  [v.array(Text), v.pipe(Text, v.maxLength(4000))],
  "must be a list of names, or an expression that gives one",
);
export type ToolList = string | readonly string[];
export const JsonRecord = v.record(v.string(), v.unknown());
const ID_FORM = /^[A-Za-z_][A-Za-z0-9_-]*$/;
/** The name of a step, a key of the state, an agent or a task. */
export const Id = v.pipe(
  v.string(),
  v.regex(ID_FORM, "must start with a letter and have only letters, digits, _ and -"),
  v.maxLength(60),
);
export const DURATION_FORM = "must be a duration such as 30s, 5m, 24h or 7d";
export const noDuration = ({ input }: { readonly input: string }) => `${DURATION_FORM}. ${adviceFor(input)}`;
export const Duration = v.pipe(v.string(), v.check(isDuration, noDuration));

/** A whole number between two others, both included. */
export const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer("must be a whole number"), v.minValue(least), v.maxValue(most));

/** The rule for a tool's calls: made at once, after a person's approval, never, or after an approval when a condition on its arguments holds. */
export const ToolPolicy = v.record(
  v.string(),
  v.union(
    [v.picklist(["auto", "approve", "deny"]), v.strictObject({ when: Text })],
    "must be auto, approve, deny or {when: <condition on args>}",
  ),
);
export type ToolRule = v.InferOutput<typeof ToolPolicy>[string];

const ToolPin = v.strictObject({
  effect: v.picklist(TOOL_EFFECTS),
  input: JsonRecord,
  digest: Text,
  description: v.optional(v.string()),
  behind: v.optional(v.unknown()),
});
/**
 * A tool as a version was published with it: the worst it can do, the JSON Schema of its input, and a digest of all that is told of it.
 * Versions from before there were questions about changed tools have nothing more.
 */
export type ToolPin = v.InferOutput<typeof ToolPin>;
/** By the names of the tools. */
export const ToolPins = v.record(Text, ToolPin);
export type ToolPins = Readonly<v.InferOutput<typeof ToolPins>>;

const Retry = v.strictObject({
  attempts: v.optional(whole(1, 10)),
  backoff: v.optional(Duration),
  if: v.optional(Text),
});
const OnError = v.union(
  [v.literal("fail"), v.strictObject({ continue: v.unknown() }), v.strictObject({ goto: Id })],
  "must be fail, {continue: <value>} or {goto: <step>}",
);

/** Requests to models a minute. */
export const MAX_RPM = v.optional(whole(1, 10_000));

/** The amounts of thinking before an answer, for models that can be told. */
const EFFORTS = ["none", "minimal", "low", "medium", "high"] as const;

/** Files that a model is shown: each a document of the workspace by name or id, or an expression that gives one, a file of the run, or a list of those. */
export const FileList = v.optional(v.pipe(v.array(Text), v.maxLength(20, "has at most 20 files")));

/** The fields that choose a model and how it is asked. */
export const MODEL_FIELDS = {
  model: v.optional(Text),
  /** Asked in this order when the model before is not to be had, limits us, or cannot read that much. */
  fallback: v.optional(v.pipe(v.array(Text), v.maxLength(5, "has at most 5 models"))),
  effort: v.optional(v.picklist(EFFORTS)),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  maxOutputTokens: v.optional(whole(1, 1_000_000)),
};
const ModelChoice = v.object(MODEL_FIELDS);
export type ModelChoice = Readonly<v.InferOutput<typeof ModelChoice>>;

/** The models that may be asked; undefined stands for the deployment's own. */
export function listModels({ model, fallback = [] }: ModelChoice): readonly (string | undefined)[] {
  return [model, ...fallback];
}

/** Picks the fields by which a step, an agent or a direct call chooses its model. */
export function pickModel({
  model,
  fallback,
  effort,
  temperature,
  maxOutputTokens,
}: ModelChoice): ModelChoice {
  return {
    ...(model !== undefined && { model }),
    ...(fallback && { fallback }),
    ...(effort && { effort }),
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
}

/** The fields that every step has. */
export const STEP_FIELDS = {
  title: v.optional(Text),
  save: v.optional(Id),
  retry: v.optional(Retry),
  timeout: v.optional(Duration),
  onError: v.optional(OnError),
};
