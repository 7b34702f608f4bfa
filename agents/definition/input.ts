import { Validator } from "@cfworker/json-schema";
import type { Problem } from "#/agents/definition/problem.ts";

type JsonObject = Readonly<Record<string, unknown>>;

export type CheckedInput = { readonly ok: true; readonly input: JsonObject } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks an input against a workflow's JSON Schema, with the schema's defaults filled in. Without a schema any object will do. */
export function checkInput(schema: JsonObject | undefined, given: unknown): CheckedInput {
  const object = given ?? {};
  if (typeof object !== "object" || Array.isArray(object)) return { ok: false, problems: [{ path: "", message: "The input must be a JSON object." }] };
  const input = { ...defaultsOf(schema), ...object };
  if (!schema) return { ok: true, input };
  const { valid, errors } = new Validator(schema, "2020-12", false).validate(input);
  if (valid) return { ok: true, input };
  // The parents of a failing place fail too; only the leaves say something.
  const leaves = errors.filter((error) => !["properties", "items", "additionalProperties"].includes(error.keyword) || errors.length === 1);
  const problems = (leaves.length > 0 ? leaves : errors).map((error) => ({ path: error.instanceLocation.replace(/^#/, ""), message: error.error }));
  return { ok: false, problems };
}

function defaultsOf(schema: JsonObject | undefined): JsonObject {
  const properties = (schema?.["properties"] ?? {}) as Readonly<Record<string, { readonly default?: unknown } | undefined>>;
  return Object.fromEntries(Object.entries(properties).flatMap(([key, property]) => (property?.default === undefined ? [] : [[key, property.default]])));
}
