import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Refusal } from "#/lib/http/problem.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/** Beyond this the text is cut and said to be; a model would read no more of it. */
const MOST_CHARACTERS = 200_000;

/** A value as the answer of a tool: JSON as text for the model, and as data for programs. */
export function answerWith(value: unknown, where?: string): CallToolResult {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  if (text.length > MOST_CHARACTERS) return cut(text, where);
  return {
    content: [{ type: "text", text }],
    ...(isJsonObject(value) && { structuredContent: { ...value } }),
  };
}

function cut(text: string, where: string | undefined): CallToolResult {
  const whole = where === undefined ? "" : ` The whole is at ${where}.`;
  const rest = `\n[Cut: ${MOST_CHARACTERS} of ${text.length} characters.${whole}]`;
  return { content: [{ type: "text", text: text.slice(0, MOST_CHARACTERS) + rest }] };
}

/** A refusal as a result and not as an error of the protocol: the model reads it and can mend its call. */
export function answerRefusal({ refused, detail, errors = [] }: Refusal): CallToolResult {
  const lines = [
    detail,
    ...errors.map(({ path, message, suggestion }) =>
      suggestion === undefined
        ? `${path || "/"}: ${message}`
        : `${path || "/"}: ${message} Did you mean “${suggestion}”?`,
    ),
  ];
  return {
    content: [{ type: "text", text: lines.join("\n") }],
    structuredContent: { code: refused, detail, errors: [...errors] },
    isError: true,
  };
}
