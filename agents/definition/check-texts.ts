import { Validator } from "@cfworker/json-schema";
import { parseExpression } from "#/agents/definition/expression.ts";
import type { PlanStep } from "#/agents/definition/plan.ts";
import { toPlan } from "#/agents/definition/planner.ts";
import { nearest, pointer, type Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/schema.ts";
import { piecesOf } from "#/agents/definition/template.ts";

const VARIABLES = ["input", "state", "trigger", "run"];
/** Where a text may carry secrets: what leaves for another service, and nothing that is shown or stored. */
const WITH_SECRETS = ["input", "state", "trigger", "run", "secrets"];

interface Known {
  readonly variables: readonly string[];
  readonly stateKeys: readonly string[];
  readonly inputKeys: readonly string[] | undefined;
}

/** Every expression can be read and names only variables, state keys and inputs that there are. */
export function templateProblems(definition: Definition): Problem[] {
  // A crew with an unknown agent has no plan; that problem is reported elsewhere.
  if (definition.kind === "crew") return [];
  const plan = toPlan(definition);
  const known: Known = { variables: VARIABLES, stateKeys: stateKeys(plan.steps, Object.keys(plan.channels)), inputKeys: inputKeys(definition) };
  const steps = definition.kind === "graph" ? Object.entries(definition.steps) : [];
  return [
    ...(definition.kind === "direct" ? textProblems([definition.prompt, definition.instructions], "", known) : []),
    ...steps.flatMap(([id, step]) => textProblems(step, pointer("steps", id), step.type === "http" || step.type === "tool" ? { ...known, variables: WITH_SECRETS } : known)),
    ...(definition.kind === "graph" ? [...textProblems(definition.output, "/output", known), ...conditionProblems(definition, known)] : []),
  ];
}

function stateKeys(steps: Readonly<Record<string, PlanStep>>, channels: readonly string[]): string[] {
  return [...new Set([...channels, ...Object.entries(steps).map(([id, step]) => step.save ?? id)])];
}

function inputKeys(definition: Definition): readonly string[] | undefined {
  const properties = definition.input?.["properties"];
  const open = definition.input?.["additionalProperties"];
  return properties && typeof properties === "object" && (open === undefined || open === false) ? Object.keys(properties) : undefined;
}

function textProblems(value: unknown, path: string, known: Known): Problem[] {
  if (typeof value === "string") {
    return piecesOf(value).flatMap((piece) => ("expression" in piece ? expressionProblems(piece.expression, path, known) : []));
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => textProblems(item, `${path}${pointer(index)}`, known));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => (SCHEMA_KEYS.has(key) ? [] : textProblems(item, `${path}${pointer(key)}`, known)));
}

/** Their texts belong to JSON Schema. */
const SCHEMA_KEYS = new Set(["outputSchema", "form"]);

function conditionProblems(definition: Extract<Definition, { kind: "graph" }>, known: Known): Problem[] {
  return definition.edges.flatMap((edge, index) =>
    "when" in edge ? edge.when.flatMap((branch, place) => expressionProblems(branch.if, pointer("edges", index, "when", place, "if"), known)) : [],
  );
}

function expressionProblems(source: string, path: string, known: Known): Problem[] {
  try {
    return parseExpression(source).paths.flatMap((names) => pathProblems(names, path, known));
  } catch (error) {
    return [{ path, message: error instanceof Error ? error.message : String(error) }];
  }
}

function pathProblems([root = "", key]: readonly string[], path: string, known: Known): Problem[] {
  if (root === "secrets" && !known.variables.includes(root)) return [{ path, message: "secrets can be used in http and tool steps only." }];
  // A name that is not a variable is one that a macro such as map binds; only what nearly is a variable is a slip.
  if (!known.variables.includes(root)) {
    const suggestion = nearest(root, known.variables);
    return suggestion !== undefined && root.length > 3 ? [{ path, message: `There is no variable “${root}”.`, suggestion }] : [];
  }
  const keys = root === "state" ? known.stateKeys : root === "input" ? known.inputKeys : undefined;
  if (key === undefined || keys === undefined || keys.includes(key)) return [];
  const suggestion = nearest(key, keys);
  const list = keys.length > 0 ? ` Known: ${keys.join(", ")}.` : "";
  return [{ path, message: `${root} has no “${key}”.${list}`, ...(suggestion !== undefined && { suggestion: `${root}.${suggestion}` }) }];
}

/** The JSON Schemas inside a definition are schemas. */
export function schemaProblems(definition: Definition): Problem[] {
  return schemasOf(definition).flatMap(({ path, schema }) => {
    const message = whyNotSchema(schema);
    return message === undefined ? [] : [{ path, message: `This is not a JSON Schema: ${message}` }];
  });
}

interface PlacedSchema {
  readonly path: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

function schemasOf(definition: Definition): PlacedSchema[] {
  const at = (schema: Readonly<Record<string, unknown>> | undefined, ...place: readonly (string | number)[]) => (schema ? [{ path: pointer(...place), schema }] : []);
  const own = at(definition.input, "input");
  if (definition.kind === "direct") return [...own, ...at(definition.outputSchema, "outputSchema")];
  if (definition.kind === "crew") return [...own, ...definition.tasks.flatMap((task, index) => at(task.outputSchema, "tasks", index, "outputSchema"))];
  return [
    ...own,
    ...Object.entries(definition.steps).flatMap(([id, step]) => [
      ...("outputSchema" in step ? at(step.outputSchema, "steps", id, "outputSchema") : []),
      ...("form" in step ? at(step.form, "steps", id, "form") : []),
    ]),
  ];
}

const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"];

function whyNotSchema(schema: Readonly<Record<string, unknown>>): string | undefined {
  const types = [schema["type"] ?? []].flat();
  const wrong = types.find((type) => !TYPES.includes(String(type)));
  if (wrong !== undefined) return `“${String(wrong)}” is not a type; use one of ${TYPES.join(", ")}.`;
  try {
    new Validator(schema, "2020-12").validate({});
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
