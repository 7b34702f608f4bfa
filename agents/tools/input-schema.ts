import type { Tool } from "#/agents/tools/tool.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

type Rewrite = (schema: JsonObject) => JsonObject;

/** The schema of a tool's arguments as a model is told of it: an object that lists its properties is closed, as OpenAI's strict mode demands. */
export function makeDeclaredSchema({ input }: Tool): JsonObject {
  const known = declared.get(input);
  if (known) return known;
  const schema = rewritten(input, closed);
  declared.set(input, schema);
  return schema;
}

/** A schema does not change while there is a reference to it. */
const declared = new WeakMap<object, JsonObject>();

/**
 * The form in which a person edits a tool's arguments. Where a text may stand for a secret nothing is known of its form: it is checked when
 * the tool is called.
 */
export const makeFormSchema = ({ input, sendsToHosts }: Tool): JsonObject => ({
  type: "object",
  ...(sendsToHosts ? rewritten(input, withoutForm) : input),
});

const closed: Rewrite = (schema) =>
  isJsonObject(schema["properties"]) && schema["additionalProperties"] === undefined
    ? { ...schema, additionalProperties: false }
    : schema;

const withoutForm: Rewrite = ({ format: _format, pattern: _pattern, ...schema }) => schema;

const SINGLE = new Set(["items", "additionalProperties", "not"]);
const LISTS = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
const BY_NAME = new Set(["properties", "$defs", "definitions"]);

/** A schema with each schema in it written anew. */
function rewritten(schema: JsonObject, rewrite: Rewrite): JsonObject {
  const part = (value: unknown) => (isJsonObject(value) ? rewritten(value, rewrite) : value);
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (SINGLE.has(key)) return [key, part(value)];
    if (LISTS.has(key) && Array.isArray(value)) return [key, value.map(part)];
    if (!BY_NAME.has(key) || !isJsonObject(value)) return [key, value];
    return [key, Object.fromEntries(Object.entries(value).map(([name, item]) => [name, part(item)]))];
  });
  return rewrite(Object.fromEntries(entries));
}
