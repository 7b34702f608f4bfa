import * as v from "valibot";
import { evaluate } from "#/agents/definition/expression/expression.ts";
import { DEEPEST, toStorable } from "#/agents/engine/storable.ts";
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

/** @throws Error for JSON that goes deeper than whatever reads it by recursion */
function asJson(data: unknown): unknown {
  const value = typeof data === "string" ? readText(data) : data;
  if (toStorable(value, Number.POSITIVE_INFINITY).kind !== "too-deep") return value;
  throw new Error(`The data is nested more than ${DEEPEST} levels deep. Give a part of it.`);
}

function readText(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data);
    return value;
  } catch {
    return data;
  }
}
