import { wrapSchema } from "#/agents/models/wrapped-schema.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** A JSON Schema as a provider takes it. */
export interface WireSchema {
  readonly schema: JsonObject;
  /** True where the provider may be asked to keep to it exactly. */
  readonly strict: boolean;
  /** True where the value is asked for inside `{"value": …}`: providers only take objects at the top. */
  readonly wrapped: boolean;
}

/**
 * The keywords that OpenAI's strict mode knows (developers.openai.com, "Structured outputs: supported schemas"). Other keywords of the user's schema are
 * left out on the wire and checked by us in the answer.
 */
const KEPT = new Set(
  "type title description enum const $ref pattern multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minItems maxItems".split(
    " ",
  ),
);
/** The keywords that change what a value may be in a way that strict mode cannot say. */
const BEYOND_STRICT = [
  "allOf",
  "not",
  "if",
  "patternProperties",
  "dependentSchemas",
  "dependentRequired",
  "prefixItems",
  "unevaluatedProperties",
  "propertyNames",
  "$dynamicRef",
];
const FORMATS = new Set([
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uuid",
]);
const DEEPEST = 10;
const MOST_PROPERTIES = 5_000;

/** Turns a user's schema into what providers accept: every key required, optional ones nullable, no others; or, where that is impossible, an open request. */
export function toWireSchema(schema: JsonObject): WireSchema {
  const wrapped = schema["type"] !== "object" || "anyOf" in schema || "oneOf" in schema || "$ref" in schema;
  const { $schema: _, ...own } = schema;
  const root = wrapped ? wrapSchema(own) : own;
  const count = { properties: 0 };
  const strict = strictForm(root, { depth: 0, count });
  return strict === undefined || count.properties > MOST_PROPERTIES
    ? { schema: root, strict: false, wrapped }
    : { schema: strict, strict: true, wrapped };
}

/** Takes out of an answer what only the wire form asked for: the wrapping, and nulls that stand for keys left out. */
export function fromWire(user: JsonObject, { wrapped }: WireSchema, answer: unknown): unknown {
  const value = wrapped && isJsonObject(answer) && "value" in answer ? answer["value"] : answer;
  return withoutNulls(user, user, value);
}

interface Nesting {
  readonly depth: number;
  readonly count: { properties: number };
}

/** Returns the schema as strict mode takes it, or undefined where it says what strict mode cannot. */
function strictForm(schema: unknown, place: Nesting): JsonObject | undefined {
  if (!isJsonObject(schema) || place.depth > DEEPEST || BEYOND_STRICT.some((keyword) => keyword in schema))
    return undefined;
  // OpenAI wants a reference to stand alone.
  if (typeof schema["$ref"] === "string" && place.depth > 0) return { $ref: schema["$ref"] };
  const forms = {
    ...alternativesForm(schema, place),
    ...nestedForms(schema, { ...place, depth: place.depth + 1 }),
  };
  const form = { ...keptKeywords(schema), ...forms };
  return Object.values(forms).includes(undefined) || !saysWhatItIs(form) ? undefined : form;
}

/** Strict mode knows no oneOf; whether exactly one fits is checked in the answer. */
function alternativesForm(schema: JsonObject, place: Nesting) {
  const alternatives = schema["anyOf"] ?? schema["oneOf"];
  return alternatives === undefined ? {} : { anyOf: listForm(alternatives, place) };
}

function nestedForms(schema: JsonObject, place: Nesting) {
  return {
    ...("items" in schema && { items: strictForm(schema["items"], place) }),
    ...("$defs" in schema && { $defs: mapForm(schema["$defs"], place) }),
    ...("definitions" in schema && { definitions: mapForm(schema["definitions"], place) }),
    ...(isObjectSchema(schema) && objectForm(schema, place)),
  };
}

function keptKeywords(schema: JsonObject): JsonObject {
  const { format } = schema;
  const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => KEPT.has(keyword)));
  return {
    ...impliedType(schema),
    ...kept,
    ...(typeof format === "string" && FORMATS.has(format) && { format }),
  };
}

/** Strict mode wants a type beside values that say it already. */
function impliedType({ enum: choices, const: only, ...schema }: JsonObject): JsonObject {
  const values = only === undefined ? choices : [only];
  if ("type" in schema || "anyOf" in schema || "oneOf" in schema || !Array.isArray(values)) return {};
  const types = [...new Set(values.map((value) => (value === null ? "null" : typeof value)))];
  // Lists and objects are left to our own check.
  return types.includes("object") || types.length === 0
    ? {}
    : { type: types.length === 1 ? types[0] : types };
}

/** Strict mode refuses a place where anything may stand. */
function saysWhatItIs(schema: JsonObject): boolean {
  const isArray = [schema["type"]].flat().includes("array");
  return ["type", "anyOf", "$ref"].some((keyword) => keyword in schema) && (!isArray || "items" in schema);
}

function isObjectSchema(schema: JsonObject): boolean {
  return [schema["type"]].flat().includes("object") || "properties" in schema;
}

/** An object that may have other keys than those it names cannot be said strictly, unless nothing was said of them. */
function objectForm(schema: JsonObject, place: Nesting): JsonObject | { readonly properties: undefined } {
  const { properties, additionalProperties = false, required = [] } = schema;
  if (!isJsonObject(properties) || additionalProperties !== false) return { properties: undefined };
  const names = Object.keys(properties);
  place.count.properties += names.length;
  const forms = names.map(
    (name) =>
      [
        name,
        propertyForm(properties[name], Array.isArray(required) && required.includes(name), place),
      ] as const,
  );
  if (forms.some(([, form]) => form === undefined)) return { properties: undefined };
  return { properties: Object.fromEntries(forms), required: names, additionalProperties: false };
}

function propertyForm(schema: unknown, isRequired: boolean, place: Nesting): JsonObject | undefined {
  const form = strictForm(schema, place);
  return form === undefined || isRequired ? form : nullable(form);
}

function nullable(form: JsonObject): JsonObject {
  const { type, enum: choices, const: only, anyOf } = form;
  if (Array.isArray(anyOf)) return { ...form, anyOf: [...anyOf, { type: "null" }] };
  if (type === undefined || only !== undefined) return { anyOf: [form, { type: "null" }] };
  const types = [...new Set([type, "null"].flat())];
  return {
    ...form,
    type: types,
    ...(Array.isArray(choices) && { enum: [...new Set<unknown>([...choices, null])] }),
  };
}

function listForm(list: unknown, place: Nesting): readonly JsonObject[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const forms = list.map((one) => strictForm(one, place));
  return forms.every((form) => form !== undefined) ? forms : undefined;
}

function mapForm(map: unknown, place: Nesting): JsonObject | undefined {
  if (!isJsonObject(map)) return undefined;
  const forms = Object.entries(map).map(([name, schema]) => [name, strictForm(schema, place)] as const);
  return forms.every(([, form]) => form !== undefined) ? Object.fromEntries(forms) : undefined;
}

/** A null where the user's schema has an optional key that may not be null means that the key was left out. */
function withoutNulls(root: JsonObject, schema: unknown, value: unknown): unknown {
  const here = resolved(root, schema);
  if (here === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(root, here["items"], item));
  if (!isJsonObject(value)) return value;
  const properties = isJsonObject(here["properties"]) ? here["properties"] : choiceFor(here, value);
  const required = Array.isArray(here["required"]) ? here["required"] : [];
  const kept = Object.entries(value).filter(
    ([name, item]) =>
      item !== null || required.includes(name) || !(name in properties) || takesNull(root, properties[name]),
  );
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutNulls(root, properties[name], item)]));
}

/** The properties of the first alternative that has all keys of the value. */
function choiceFor(schema: JsonObject, value: JsonObject): JsonObject {
  const alternatives = [schema["anyOf"], schema["oneOf"]].flat().filter(isJsonObject);
  const fitting = alternatives
    .map(({ properties }) => properties)
    .find((properties) => isJsonObject(properties) && Object.keys(value).every((name) => name in properties));
  return isJsonObject(fitting) ? fitting : {};
}

function resolved(root: JsonObject, schema: unknown): JsonObject | undefined {
  if (!isJsonObject(schema)) return undefined;
  const { $ref } = schema;
  if (typeof $ref !== "string") return schema;
  const target = $ref
    .replace(/^#\/?/, "")
    .split("/")
    .filter(Boolean)
    .reduce<unknown>((at, part) => (isJsonObject(at) ? at[part] : undefined), root);
  return isJsonObject(target) && target !== schema ? target : undefined;
}

function takesNull(root: JsonObject, schema: unknown): boolean {
  const here = resolved(root, schema);
  if (here === undefined) return false;
  const alternatives = [here["anyOf"], here["oneOf"]].flat().filter((one) => one !== undefined);
  if (alternatives.some((one) => takesNull(root, one))) return true;
  if (here["const"] === null || (Array.isArray(here["enum"]) && here["enum"].includes(null))) return true;
  return here["type"] === undefined
    ? alternatives.length === 0 && !("enum" in here) && !("const" in here)
    : [here["type"]].flat().includes("null");
}
