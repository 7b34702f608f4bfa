import type { ToolEffect } from "#/agents/vocabulary/tool.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import type { CreateTool, Tool } from "#/operations/tools/contract.ts";

type Method = CreateTool["request"]["method"];

export const METHODS: Readonly<Record<Method, string>> = {
  GET: "GET",
  HEAD: "HEAD",
  POST: "POST",
  PUT: "PUT",
  PATCH: "PATCH",
  DELETE: "DELETE",
};

/** A declared tool as its form has it. */
export interface ToolDraft {
  readonly name: string;
  readonly description: string;
  readonly method: Method;
  readonly url: string;
  readonly effect: ToolEffect;
  readonly headers: string;
  readonly connection: string;
  readonly input: string;
}

export const EMPTY_TOOL: ToolDraft = {
  name: "",
  description: "",
  method: "GET",
  url: "https://",
  effect: "read",
  headers: "",
  connection: "",
  input: `{
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": { "type": "string", "description": "Which one" }
  }
}`,
};

/** A tool that is declared by a request. */
export type DeclaredTool = Pick<Tool, "name" | "description" | "effect" | "input"> & {
  readonly request: NonNullable<Tool["request"]>;
};

/** Writes a declared tool into its form. */
export function toDraft({ request, input, ...head }: DeclaredTool): ToolDraft {
  const { method, url, headers, connection = "" } = request;
  return {
    name: head.name,
    description: head.description,
    effect: head.effect,
    method,
    url,
    headers: Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
    connection,
    input: JSON.stringify(input, null, 2),
  };
}

type Made =
  | { readonly tool: CreateTool }
  | { readonly errors: Readonly<Partial<Record<keyof ToolDraft, string>>> };

/** Reads the form. What only the API can know is left to it. */
export function makeTool({ method, url, headers, connection, input, ...head }: ToolDraft): Made {
  const schema = readSchema(input);
  if (!schema) return { errors: { input: "This is not a JSON object." } };
  const lines = headers.split("\n").filter((line) => line.trim() !== "");
  if (lines.some((line) => !line.includes(":")))
    return { errors: { headers: "Write one header a line, as Name: value." } };
  return {
    tool: {
      ...head,
      input: schema,
      request: {
        method,
        url,
        headers: Object.fromEntries(lines.map(splitHeader)),
        ...(connection.trim() !== "" && { connection: connection.trim() }),
      },
    },
  };
}

function splitHeader(line: string): readonly [name: string, value: string] {
  const at = line.indexOf(":");
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function readSchema(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
