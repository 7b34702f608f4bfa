import { findMisfits } from "#/agents/definition/schema/fit.ts";
import { withDefaults } from "#/agents/definition/schema/input.ts";
import type { Capability } from "#/agents/vocabulary/capability.ts";
import type { Tool, ToolLimits } from "#/agents/tools/tool.ts";
import { LIMITS_DEFAULT } from "#/agents/tools/tool.ts";
import { isJsonObject } from "#/lib/json-object.ts";

interface DeclaredTool extends Pick<Tool, "name" | "description" | "origin" | "input" | "effect" | "run"> {
  /** Of all its calls. */
  readonly capabilities: readonly Capability[];
  readonly limits?: Partial<ToolLimits>;
  readonly behind: unknown;
  readonly inParts?: boolean;
}

/** Makes a tool of which only a JSON Schema says what it takes: one that a workspace, a server or a document has declared. */
export function declaredTool(declared: DeclaredTool): Tool {
  const { input: schema, effect, capabilities } = declared;
  return {
    ...declared,
    capabilities: () => capabilities,
    limits: { ...LIMITS_DEFAULT, ...declared.limits },
    sendsToHosts: false,
    inParts: declared.inParts ?? false,
    readInput: (given) => {
      const input = isJsonObject(given) ? withDefaults(schema, given) : given;
      const misfits = findMisfits(schema, input).map(({ path, message }) => `${path} ${message}`.trim());
      return misfits.length === 0 ? { ok: true, input } : { ok: false, misfits };
    },
    decideEffect: () => effect,
  };
}
