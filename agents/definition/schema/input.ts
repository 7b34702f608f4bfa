import type { Problem } from "#/agents/definition/problem.ts";
import { findMisfits } from "#/agents/definition/schema/fit.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

export type CheckedInput =
  | { readonly ok: true; readonly input: JsonObject }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks an input against a workflow's JSON Schema, with the schema's defaults filled in. Without a schema any object will do. */
export function checkInput(schema: JsonObject | undefined, given: unknown): CheckedInput {
  const object = given ?? {};
  if (!isJsonObject(object))
    return { ok: false, problems: [{ path: "", message: "The input must be a JSON object." }] };
  if (!schema) return { ok: true, input: object };
  const input = withDefaults(schema, object);
  const problems = findMisfits(schema, input);
  return problems.length === 0 ? { ok: true, input } : { ok: false, problems };
}

/** Fills in the defaults of the properties that are missing, in nested objects that are there too. */
export function withDefaults(schema: JsonObject, object: JsonObject): JsonObject {
  const properties = isJsonObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const filled = properties.flatMap(([name, property]): [string, unknown][] => {
    if (!isJsonObject(property)) return [];
    const value = Object.hasOwn(object, name) ? object[name] : property["default"];
    return value === undefined ? [] : [[name, isJsonObject(value) ? withDefaults(property, value) : value]];
  });
  return { ...object, ...Object.fromEntries(filled) };
}
