import { toIdentifier } from "#/agents/sandbox/code-calls.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** A tool with a longer one is declared without it: its own declaration has the whole schema. */
const LONGEST_TYPE = 600;
/** All of them together; about 4,000 tokens. */
const LONGEST_TEXT = 16_000;
const DEEPEST = 4;

/** Writes how code calls each tool, a line a tool. What there is no room for is named. */
export function describeCalls(tools: readonly Tool[]): string {
  const lines: string[] = [];
  let length = 0;
  for (const tool of tools) {
    const line = describeCall(tool);
    if (length + line.length > LONGEST_TEXT) break;
    length += line.length;
    lines.push(line);
  }
  const rest = tools.slice(lines.length).map(({ name }) => name);
  const more = rest.length > 0 ? [`and, by the same form: ${rest.join(", ").slice(0, LONGEST_TEXT)}`] : [];
  return [...lines, ...more].join("\n");
}

function describeCall({ name, input }: Tool): string {
  const type = writeType(input, 0);
  return `tools.${toIdentifier(name)}(${type.length > LONGEST_TYPE ? "object" : type})`;
}

const SCALARS: Readonly<Record<string, string>> = { integer: "number", object: "object", array: "any[]" };

/** Writes a schema as a type of TypeScript, as far as it is one. */
function writeType(schema: unknown, depth: number): string {
  if (!isJsonObject(schema) || depth > DEEPEST) return "any";
  const choices = listChoices(schema, depth);
  if (choices) return choices.join(" | ");
  const { type, properties, items } = schema;
  if (isJsonObject(properties)) return writeObject(schema, properties, depth);
  if (type === "array" && items !== undefined) return `(${writeType(items, depth + 1)})[]`;
  return typeof type === "string" ? (SCALARS[type] ?? type) : "any";
}

/** The types or values of which a value is one, where the schema lists them. */
function listChoices(schema: JsonObject, depth: number): readonly string[] | undefined {
  const { enum: values, const: only, anyOf, oneOf, type } = schema;
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value));
  if (only !== undefined) return [JSON.stringify(only)];
  const either = anyOf ?? oneOf;
  if (Array.isArray(either)) return either.map((one) => writeType(one, depth + 1));
  return Array.isArray(type) ? type.map((one) => writeType({ ...schema, type: one }, depth + 1)) : undefined;
}

function writeObject(schema: JsonObject, properties: JsonObject, depth: number): string {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const fields = Object.entries(properties).map(([name, property]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${key}${required.includes(name) ? "" : "?"}: ${writeType(property, depth + 1)}`;
  });
  return `{ ${fields.join("; ")} }`;
}
