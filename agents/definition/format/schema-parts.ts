import { definitionJsonSchema } from "#/agents/definition/format/json-schema.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** Parts of the JSON Schema of cairn/v1 that can be read by themselves: the whole is more than a model likes to read at once. */
export interface SchemaParts {
  /** Each kind of definition; where it has steps, those are told by their types alone. */
  readonly kinds: Readonly<Record<string, JsonObject>>;
  /** Each type of step. */
  readonly steps: Readonly<Record<string, JsonObject>>;
}

let parts: SchemaParts | undefined;

/** Takes the schema of cairn/v1 apart. */
export function schemaParts(): SchemaParts {
  parts ??= takeApart(choicesOf(definitionJsonSchema()));
  return parts;
}

function takeApart(kinds: readonly JsonObject[]): SchemaParts {
  const steps = kinds.flatMap((kind) => choicesOf(stepsOf(kind)?.["additionalProperties"]));
  const types = steps.map((step) => nameIn(step, "type"));
  return {
    kinds: Object.fromEntries(kinds.map((kind) => [nameIn(kind, "kind"), withoutSteps(kind, types)])),
    steps: Object.fromEntries(steps.map((step) => [nameIn(step, "type"), step])),
  };
}

function choicesOf(schema: unknown): readonly JsonObject[] {
  if (!isJsonObject(schema)) return [];
  const choices = schema["oneOf"] ?? schema["anyOf"];
  return Array.isArray(choices) ? choices.filter(isJsonObject) : [];
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

function stepsOf(kind: JsonObject): JsonObject | undefined {
  const { steps } = propertiesOf(kind);
  return isJsonObject(steps) ? steps : undefined;
}

function nameIn(schema: JsonObject, key: string): string {
  const named = propertiesOf(schema)[key];
  return isJsonObject(named) ? String(named["const"]) : "";
}

function withoutSteps(kind: JsonObject, types: readonly string[]): JsonObject {
  const steps = stepsOf(kind);
  if (!steps) return kind;
  const told = { type: "object", properties: { type: { enum: types } }, required: ["type"] };
  return { ...kind, properties: { ...propertiesOf(kind), steps: { ...steps, additionalProperties: told } } };
}
