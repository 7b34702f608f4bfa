import { placedRules } from "#/agents/definition/check/guardrails.ts";
import type { CrewBody, Guardrail } from "#/agents/definition/format/crew.ts";
import { patternProblem } from "#/agents/definition/schema/pattern.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { findFault } from "#/agents/definition/schema/fit.ts";
import { spendWork, workAt } from "#/agents/definition/work.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { type PlacedStep, placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { typeOf } from "#/agents/steps/table.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

interface Placed {
  readonly path: string;
  readonly schema: unknown;
}

/** The JSON Schemas inside a definition are schemas, and the input's describes an object. */
export function schemaProblems(definition: Definition): Problem[] {
  const type = definition.input?.["type"];
  const notObject =
    type === undefined || type === "object"
      ? []
      : [{ path: "/input/type", message: "The input of a workflow is an object." }];
  return [...notObject, ...listSchemas(definition).flatMap(findProblems)];
}

/** Returns what keeps a value from being a JSON Schema. */
export const schemaProblemsAt = (path: string, schema: JsonObject): readonly Problem[] =>
  findProblems({ path, schema });

const at = (schema: JsonObject | undefined, ...place: readonly (string | number)[]): Placed[] =>
  schema ? [{ path: pointer(...place), schema }] : [];

function listSchemas(definition: Definition): Placed[] {
  const input = at(definition.input, "input");
  switch (definition.kind) {
    case "direct":
      return [...input, ...at(definition.outputSchema, "outputSchema")];
    case "crew":
      return [...input, ...listCrewSchemas(definition, [])];
    case "graph":
      return [...input, ...placedSteps(definition).flatMap(schemasOfStep)];
  }
}

function schemasOfStep({ place, step }: PlacedStep): Placed[] {
  const field = typeOf(step).schemaIn;
  const schema: unknown = field === undefined ? undefined : step[field];
  return [
    ...(field === undefined || schema === undefined ? [] : [{ path: pointer(...place, field), schema }]),
    ...(step.type === "crew" ? listCrewSchemas(step, place) : []),
    ...(step.type === "agent" ? listGuardrailSchemas(step.guardrail, pointer(...place, "guardrail")) : []),
  ];
}

const listCrewSchemas = (crew: CrewBody, place: readonly string[]): Placed[] =>
  crew.tasks.flatMap((task, index) => [
    ...at(task.outputSchema, ...place, "tasks", index, "outputSchema"),
    ...listGuardrailSchemas(task.guardrail, pointer(...place, "tasks", index, "guardrail")),
  ]);

const listGuardrailSchemas = (guardrail: Guardrail | undefined, path: string): Placed[] =>
  placedRules(guardrail, path).flatMap(({ path: place, rule }) =>
    typeof rule === "object" && "schema" in rule ? [{ path: `${place}/schema`, schema: rule.schema }] : [],
  );

function findProblems(placed: Placed): Problem[] {
  const problems = shapeProblems(placed);
  return problems.length > 0 ? problems : referenceProblems(placed);
}

/** References are resolved by the validator itself, over the whole schema. */
function referenceProblems({ path, schema }: Placed): Problem[] {
  const fault = isJsonObject(schema) ? workAt(path, () => findFault(schema)) : undefined;
  return fault === undefined ? [] : [{ path, message: `This is not a JSON Schema: ${fault}` }];
}

const TYPES: readonly unknown[] = ["object", "array", "string", "number", "integer", "boolean", "null"];

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isType = (value: unknown) =>
  isList(value) ? value.length > 0 && value.every((type) => TYPES.includes(type)) : TYPES.includes(value);
const isNumber = (value: unknown) => typeof value === "number";
const isTextList = (value: unknown) => isList(value) && value.every((item) => typeof item === "string");

interface Keyword {
  readonly is: (value: unknown) => boolean;
  readonly expected: string;
}

const count: Keyword = {
  is: (value) => Number.isInteger(value) && Number(value) >= 0,
  expected: "a whole number",
};
const number: Keyword = { is: isNumber, expected: "a number" };

/** The forms of the keywords that people write by hand. */
const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: { is: isType, expected: `one of ${TYPES.join(", ")}` },
  required: { is: isTextList, expected: "a list of names" },
  enum: { is: isList, expected: "a list" },
  enumNames: { is: isTextList, expected: "a list of titles" },
  pattern: { is: (value) => typeof value === "string", expected: "a regular expression" },
  patternProperties: { is: isJsonObject, expected: "schemas by regular expression" },
  properties: { is: isJsonObject, expected: "schemas by name" },
  anyOf: { is: isList, expected: "a list of schemas" },
  oneOf: { is: isList, expected: "a list of schemas" },
  allOf: { is: isList, expected: "a list of schemas" },
  minimum: number,
  maximum: number,
  minLength: count,
  maxLength: count,
  minItems: count,
  maxItems: count,
};

/** To look at one schema inside a schema. */
const SCHEMA_WORK = 20;

function shapeProblems({ path, schema }: Placed): Problem[] {
  if (typeof schema === "boolean") return [];
  if (!isJsonObject(schema)) return [{ path, message: "This is not a JSON Schema: it must be an object." }];
  spendWork(SCHEMA_WORK);
  const own = Object.entries(schema).flatMap(([key, value]) => {
    const keyword = Object.hasOwn(KEYWORDS, key) ? KEYWORDS[key] : undefined;
    return !keyword || keyword.is(value)
      ? []
      : [
          {
            path: `${path}${pointer(key)}`,
            message: `This is not a JSON Schema: ${key} must be ${keyword.expected}.`,
          },
        ];
  });
  return [
    ...own,
    ...patternProblems(path, schema),
    ...listSubschemas({ path, schema }).flatMap(shapeProblems),
  ];
}

function patternProblems(path: string, { pattern, patternProperties }: JsonObject): Problem[] {
  const patterns = [
    ...(typeof pattern === "string" ? [{ path: `${path}/pattern`, pattern }] : []),
    ...(isJsonObject(patternProperties)
      ? Object.keys(patternProperties).map((name) => ({
          path: `${path}${pointer("patternProperties", name)}`,
          pattern: name,
        }))
      : []),
  ];
  return patterns.flatMap((placed) => {
    const message = workAt(placed.path, () => patternProblem(placed.pattern));
    return message === undefined ? [] : [{ path: placed.path, message }];
  });
}

const SINGLE = [
  "items",
  "additionalProperties",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
  "unevaluatedProperties",
  "unevaluatedItems",
];
const LISTS = ["anyOf", "oneOf", "allOf", "prefixItems"];
const BY_NAME = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

function listSubschemas({ path, schema }: { readonly path: string; readonly schema: JsonObject }): Placed[] {
  const single = SINGLE.flatMap((key) =>
    schema[key] === undefined ? [] : [{ path: `${path}/${key}`, schema: schema[key] }],
  );
  const nested = [...LISTS, ...BY_NAME].flatMap((key) => {
    const value = schema[key];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).map(([name, item]: [string, unknown]) => ({
      path: `${path}${pointer(key, name)}`,
      schema: item,
    }));
  });
  return [...single, ...nested];
}
