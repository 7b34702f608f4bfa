import { dereference, type OutputUnit, validate } from "@cfworker/json-schema";
import { meteredValue } from "#/agents/definition/schema/metered-value.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { TooMuchWork, WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";
import { countedSchema, PATTERN_FORMAT } from "#/agents/definition/schema/patterns.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/** A reference that leads to two others, each of which leads to two …: without a bound thirty lines of schema take hours. */
const MOST_REFERENCES = 20_000;

/** What of a value does not fit a JSON Schema (2020-12). Whatever the schema is, it ends: patterns take linear time, all other work is counted. */
export function misfitsOf(schema: JsonSchema, value: unknown): readonly Problem[] {
  try {
    return problemsOf(apply(schema, value));
  } catch (error) {
    return [{ path: "", message: `The schema cannot be applied: ${firstLine(error)}` }];
  }
}

/** Why a schema cannot be applied to anything, such as a reference into nowhere; undefined if it can. */
export function faultOf(schema: JsonSchema): string | undefined {
  try {
    apply(schema, {});
    return undefined;
  } catch (error) {
    if (error instanceof TooMuchWork) throw error;
    return firstLine(error);
  }
}

/** @throws when the schema cannot be applied */
function apply(schema: JsonSchema, value: unknown): readonly OutputUnit[] {
  return withinWork(WORK_AT_ONCE, () => {
    const plain = countedSchema(schema, value);
    return validate(meteredValue(value), plain, "2020-12", counted(dereference(plain)), false).errors;
  });
}

function counted<T extends object>(references: T): T {
  let left = MOST_REFERENCES;
  return new Proxy(references, {
    get: (target, name) => {
      left -= 1;
      if (left < 0) throw new Error(`its references were followed ${MOST_REFERENCES} times without an end.`);
      return Reflect.get(target, name) as unknown;
    },
  });
}

/** The validator's messages have a list of what it knows below the first line. */
function firstLine(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line;
}

/** Keywords that fail because something inside them fails. */
const PARENTS = new Set(["properties", "items", "prefixItems", "additionalProperties", "allOf", "$ref"]);
const MISSING = /required property "(.*)"/;
const PATTERN = new RegExp(`format "${PATTERN_FORMAT}(.*)"`, "s");

/** One choice of a list of them: `oneOf: [{const}, …]`. */
const CHOICE = /\/(?:oneOf|anyOf)\/\d+\/const$/;
const CHOSEN = /^Instance does not match (?:any of \[)?(.*?)\]?\.$/s;

const isChoice = ({ keywordLocation }: OutputUnit) => CHOICE.test(keywordLocation);

/** The choices that would have been right, where there is a list of them. */
function choicesOf(
  { keyword, keywordLocation, instanceLocation, error }: OutputUnit,
  errors: readonly OutputUnit[],
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

function problemsOf(errors: readonly OutputUnit[]): Problem[] {
  // What is not in a list of choices is one problem, and not one for each of them.
  const leaves = errors.filter((error) => !PARENTS.has(error.keyword) && !isChoice(error));
  const problems = (leaves.length > 0 ? leaves : errors).map((error) =>
    problemOf(error, choicesOf(error, errors)),
  );
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

function problemOf({ keyword, instanceLocation, error }: OutputUnit, choices: readonly string[]): Problem {
  const path = instanceLocation.replace(/^#/, "");
  const missing = keyword === "required" ? MISSING.exec(error)?.[1] : undefined;
  if (missing !== undefined) return { path: `${path}${pointer(missing)}`, message: "is missing" };
  const pattern = keyword === "format" ? PATTERN.exec(error)?.[1] : undefined;
  if (pattern !== undefined) return { path, message: `does not match the pattern ${pattern}` };
  if (choices.length > 0) return { path, message: `must be one of ${choices.join(", ")}` };
  return { path, message: keyword === "false" ? "This key is not known here." : error };
}
