import { createHash } from "node:crypto";
import type { ToolPin } from "#/agents/definition/format/fields.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import { canonicalJson } from "#/lib/canonical-json.ts";

/** The part of a tool that makes it the one that was published with. */
type PinnedPart = Pick<Tool, "name" | "description" | "effect" | "input" | "behind">;

/** Returns what a published version remembers of a tool. The digest is over everything that a model or a person is told of it, and what is behind it. */
export function pinTool(tool: PinnedPart): ToolPin {
  const known = pins.get(tool);
  if (known) return known;
  const { name, description, effect, input, behind } = tool;
  const text = canonicalJson({ name, description, effect, input, behind });
  const told = { effect, input, description, ...(behind !== undefined && { behind }) };
  const pin = { ...told, digest: createHash("sha256").update(text).digest("hex") };
  pins.set(tool, pin);
  return pin;
}

/** A tool does not change while there is a reference to it: each source makes a new one. */
const pins = new WeakMap<PinnedPart, ToolPin>();
