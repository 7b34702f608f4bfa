import * as v from "valibot";
import { evaluate } from "#/agents/definition/expression/expression.ts";
import { WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";

/** Takes a part out of a JSON value, or counts, filters and joins in it. */
export const jsonQuery = defineTool({
  name: "json_query",
  description:
    "Evaluate a CEL expression over JSON, which it knows as data: data.items.filter(i, i.price > 5).map(i, i.name), size(data.items), data.users[0].email.",
  input: v.object({
    data: v.pipe(v.unknown(), v.description("The JSON, as a value or as text")),
    expression: v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1),
      v.maxLength(2000),
      v.description("The CEL expression"),
    ),
  }),
  effect: "read",
  capabilities: [],
  run: async ({ data, expression }) => ({
    result: withinWork(WORK_AT_ONCE, () => evaluate(expression, { data: asJson(data) })),
  }),
});

function asJson(data: unknown): unknown {
  if (typeof data !== "string") return data;
  try {
    const value: unknown = JSON.parse(data);
    return value;
  } catch {
    return data;
  }
}
