import type { ToolEffect, ToolOrigin } from "#/agents/vocabulary/tool.ts";
import type { ToolHead } from "#/operations/tools/contract.ts";

/** The origins of tools, as people read them. */
export const ORIGIN_WORDS: Readonly<Record<ToolOrigin, string>> = {
  builtin: "Built in",
  http: "HTTP",
  openapi: "OpenAPI",
  mcp: "MCP server",
  workflow: "Workflow",
  skill: "Skill",
};

/** The effects of calls, as people read them. */
export const EFFECT_WORDS: Readonly<Record<ToolEffect, string>> = {
  read: "Reads",
  write: "Writes",
  idempotent: "Writes, safe to repeat",
};

/** Says in words when a tool is called without asking. */
export function writeRule({ policy, effect }: Pick<ToolHead, "policy" | "effect">): string {
  if (policy === "deny") return "Never called";
  if (policy === "approve") return "Asks first";
  if (policy === "auto") return "Called at once";
  if (policy) return "Asks on a condition";
  return effect === "read" ? "Called at once" : "Asks first, unless the workflow says otherwise";
}
