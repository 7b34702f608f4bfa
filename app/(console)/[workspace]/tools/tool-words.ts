import type { ToolEffect, ToolOrigin } from "#/agents/vocabulary/tool.ts";
import type { ToolHead } from "#/operations/tools/contract.ts";

/** Where tools come from, as people read it. */
export const ORIGIN_WORDS: Readonly<Record<ToolOrigin, string>> = {
  builtin: "Built in",
  http: "HTTP",
  openapi: "OpenAPI",
  mcp: "MCP server",
  workflow: "Workflow",
  skill: "Skill",
};

/** What calls do, as people read it. */
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
