import { type JsonSchema, type Misfit } from "#/agents/definition/schema/keywords/asked.ts";
import { Validator } from "#/agents/definition/schema/validator.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { TooMuchWork, WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";

/** Lists what of a value does not fit a JSON Schema (2020-12). Whatever the schema is, it ends: patterns take linear time, all other work is counted. */
export function findMisfits(schema: JsonSchema, value: unknown): readonly Problem[] {
  try {
    return toProblems(apply(schema, value));
  } catch (error) {
    return [{ path: "", message: `The schema cannot be applied: ${firstLine(error)}` }];
  }
}

/** Why a schema cannot be applied to anything, such as a reference into nowhere; undefined if it can. */
export function findFault(schema: JsonSchema): string | undefined {
  try {
    apply(schema, {});
    return undefined;
  } catch (error) {
    if (error instanceof TooMuchWork) throw error;
    return firstLine(error);
  }
}

/** @throws when the schema cannot be applied */
const apply = (schema: JsonSchema, value: unknown): readonly Misfit[] =>
  withinWork(WORK_AT_ONCE, () => new Validator(schema).validate(value));

/** The validator's messages have a list of what it knows below the first line. */
function firstLine(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line;
}

/** Keywords that fail because something inside them fails. */
const PARENTS = new Set([
  "properties",
  "items",
  "prefixItems",
  "patternProperties",
  "additionalProperties",
  "allOf",
  "$ref",
]);
const MISSING = /required property "(.*)"/;

/** One choice of a list of them: `oneOf: [{const}, …]`. */
const CHOICE = /\/(?:oneOf|anyOf)\/\d+\/const$/;
const CHOSEN = /^Instance does not match (?:any of \[)?(.*?)\]?\.$/s;

const isChoice = ({ keywordLocation }: Misfit) => CHOICE.test(keywordLocation);

/** The choices that would have been right, where there is a list of them. */
function listChoices(
  { keyword, keywordLocation, instanceLocation, error }: Misfit,
  errors: readonly Misfit[],
): readonly string[] {
  const messages =
    keyword === "enum"
      ? [error]
      : errors
          .filter(
            (other) =>
              isChoice(other) &&
              other.instanceLocation === instanceLocation &&
              other.keywordLocation.startsWith(`${keywordLocation}/`),
          )
          .map((other) => other.error);
  return messages.map((message) => CHOSEN.exec(message)?.[1] ?? message);
}

function toProblems(errors: readonly Misfit[]): Problem[] {
  // What is not in a list of choices is one problem, and not one for each of them.
  const leaves = errors.filter((error) => !PARENTS.has(error.keyword) && !isChoice(error));
  const problems = (leaves.length > 0 ? leaves : errors).map((error) =>
    toProblem(error, listChoices(error, errors)),
  );
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

function toProblem({ keyword, instanceLocation, error }: Misfit, choices: readonly string[]): Problem {
  const path = instanceLocation.replace(/^#/, "");
  const missing = keyword === "required" ? MISSING.exec(error)?.[1] : undefined;
  if (missing !== undefined) return { path: `${path}${pointer(missing)}`, message: "is missing" };
  if (choices.length > 0) return { path, message: `must be one of ${choices.join(", ")}` };
  return { path, message: keyword === "false" ? "This key is not known here." : error };
}
