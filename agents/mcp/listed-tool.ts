import { createHash } from "node:crypto";
import * as v from "valibot";
import { isDeeper } from "#/agents/mcp/message.ts";
import type { ListedTool, ToolList, UnfitTool } from "#/agents/vocabulary/mcp.ts";
import { canonicalJson } from "#/lib/canonical-json.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const LONGEST_DESCRIPTION = 16_000;
const MOST_SCHEMA_CHARACTERS = 64_000;
const DEEPEST_SCHEMA = 40;
/** The protocol's own rule. */
const NAME = /^[A-Za-z0-9_.\-/]{1,128}$/;

const Listed = v.looseObject({
  name: v.string(),
  title: v.optional(v.string()),
  description: v.optional(v.string(), ""),
  inputSchema: v.custom<JsonObject>(isJsonObject),
  outputSchema: v.optional(v.custom<JsonObject>(isJsonObject)),
  annotations: v.optional(v.custom<JsonObject>(isJsonObject), {}),
});

/** Reads what a server lists. One unfit tool leaves the others as they are. */
export function readTools(listed: readonly unknown[]): ToolList {
  const names = listed.map(readName);
  const tools: ListedTool[] = [];
  const unfit: UnfitTool[] = [];
  for (const [index, value] of listed.entries()) {
    const name = names[index] ?? "";
    const tool = names.indexOf(name) === names.lastIndexOf(name) ? readTool(value) : TWICE;
    if (typeof tool === "string") unfit.push({ name: name.slice(0, 128), reason: tool });
    else tools.push(tool);
  }
  return { tools, unfit };
}

const TWICE = "Its name is in the list more than once.";

const readName = (value: unknown): string =>
  isJsonObject(value) && typeof value["name"] === "string" ? value["name"] : "";

/** @returns why the tool cannot be used, where it cannot */
function readTool(value: unknown): ListedTool | string {
  const read = v.safeParse(Listed, value);
  if (!read.success) return "It does not have the form of a tool.";
  const { name, title, description, inputSchema, outputSchema, annotations } = read.output;
  if (!NAME.test(name)) return "Its name is not one that the protocol allows.";
  if (description.length > LONGEST_DESCRIPTION)
    return `Its description has more than ${LONGEST_DESCRIPTION} characters.`;
  const problem = findSchemaProblem(inputSchema) ?? findSchemaProblem({ outputSchema, annotations });
  if (problem !== undefined) return problem;
  const told = { name, title, description, inputSchema, outputSchema, annotations };
  return { ...told, digest: computeDigest(told) };
}

function findSchemaProblem(schema: JsonObject): string | undefined {
  if (isDeeper(schema, DEEPEST_SCHEMA))
    return `Its schema is nested more than ${DEEPEST_SCHEMA} levels deep.`;
  const text = JSON.stringify(schema);
  if (text.length > MOST_SCHEMA_CHARACTERS)
    return `Its schema has more than ${MOST_SCHEMA_CHARACTERS} characters.`;
  return refersElsewhere(schema) ? "Its schema refers to another document, which is not fetched." : undefined;
}

function refersElsewhere(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(refersElsewhere);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(
    ([key, part]) =>
      (REFERENCES.has(key) && typeof part === "string" && !part.startsWith("#")) || refersElsewhere(part),
  );
}

const REFERENCES: ReadonlySet<string> = new Set(["$ref", "$dynamicRef"]);

const computeDigest = (told: JsonObject): string =>
  createHash("sha256").update(canonicalJson(told)).digest("hex");
