import { createHash } from "node:crypto";
import type { ToolPin } from "#/agents/definition/format/fields.ts";
import { inputSchemaOf, type Tool } from "#/agents/tools/tool.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/** Returns what a published version remembers of a tool. The digest is over everything that a model or a person is told of it. */
export function pinTool(tool: Tool): ToolPin {
  const known = pins.get(tool);
  if (known) return known;
  const { name, description, effect } = tool;
  const input = inputSchemaOf(tool);
  const text = JSON.stringify(sorted({ name, description, effect, input }));
  const pin = { effect, input, digest: createHash("sha256").update(text).digest("hex") };
  pins.set(tool, pin);
  return pin;
}

/** A tool does not change while there is a reference to it: each source makes a new one. */
const pins = new WeakMap<Tool, ToolPin>();

/** The same value with its keys in one order, at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}
