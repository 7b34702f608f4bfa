import { type OutputUnit, Validator } from "@cfworker/json-schema";
import { pointer, type Problem } from "#/agents/definition/problem.ts";

type JsonObject = Readonly<Record<string, unknown>>;

export type CheckedInput = { readonly ok: true; readonly input: JsonObject } | { readonly ok: false; readonly problems: readonly Problem[] };

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Checks an input against a workflow's JSON Schema, with the schema's defaults filled in. Without a schema any object will do. */
export function checkInput(schema: JsonObject | undefined, given: unknown): CheckedInput {
  const object = given ?? {};
  if (!isObject(object)) return { ok: false, problems: [{ path: "", message: "The input must be a JSON object." }] };
  if (!schema) return { ok: true, input: object };
  const input = withDefaults(schema, object);
  const { valid, errors } = new Validator(schema, "2020-12", false).validate(input);
  return valid ? { ok: true, input } : { ok: false, problems: problemsOf(errors) };
}

/** Fills in the defaults of the properties that are missing, in nested objects that are there too. */
function withDefaults(schema: JsonObject, object: JsonObject): JsonObject {
  const properties = isObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const filled = properties.flatMap(([name, property]): [string, unknown][] => {
    if (!isObject(property)) return [];
    const value = Object.hasOwn(object, name) ? object[name] : property["default"];
    return value === undefined ? [] : [[name, isObject(value) ? withDefaults(property, value) : value]];
  });
  return { ...object, ...Object.fromEntries(filled) };
}

/** Keywords that fail because something inside them fails. */
const PARENTS = new Set(["properties", "items", "prefixItems", "patternProperties", "additionalProperties", "allOf", "$ref"]);
const MISSING = /required property "(.*)"/;

function problemsOf(errors: readonly OutputUnit[]): Problem[] {
  const leaves = errors.filter((error) => !PARENTS.has(error.keyword));
  const problems = (leaves.length > 0 ? leaves : errors).map(problemOf);
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

function problemOf({ keyword, instanceLocation, error }: OutputUnit): Problem {
  const path = instanceLocation.replace(/^#/, "");
  const missing = keyword === "required" ? MISSING.exec(error)?.[1] : undefined;
  if (missing !== undefined) return { path: `${path}${pointer(missing)}`, message: "is missing" };
  return { path, message: keyword === "false" ? "This key is not known here." : error };
}
