import type { CallToolResult, Tool as ToolDescription } from "@modelcontextprotocol/server";
import type { Caller } from "#/operations/caller.ts";
import type { Session } from "#/operations/mcp/session.ts";
import { DEFINITION_TOOLS } from "#/operations/mcp/tools/definition-tools.ts";
import { RUN_TOOLS } from "#/operations/mcp/tools/run-tools.ts";
import type { Tool } from "#/operations/mcp/tools/tool.ts";
import { WORKFLOW_TOOLS } from "#/operations/mcp/tools/workflow-tools.ts";

/** The server's own tools; workflows are tools beside them. */
const TOOLS: readonly Tool[] = [...WORKFLOW_TOOLS, ...DEFINITION_TOOLS, ...RUN_TOOLS];

const NAMES: ReadonlySet<string> = new Set(TOOLS.map(({ name }) => name));

/** The names that no workflow can have as a tool. */
export const toolNames = (): ReadonlySet<string> => NAMES;

/** Describes the tools that the caller may use. */
export function describeTools({ principal }: Caller): readonly ToolDescription[] {
  return TOOLS.filter(({ isFor }) => isFor(principal)).map(({ description }) => description);
}

/** Finds a tool that the caller may use. */
export function findTool({ principal }: Caller, name: string): Tool | undefined {
  return TOOLS.find((tool) => tool.name === name && tool.isFor(principal));
}

interface Asked {
  readonly args: unknown;
  readonly signal: AbortSignal;
}

export function callTool(session: Session, tool: Tool, { args, signal }: Asked): Promise<CallToolResult> {
  return tool.call(session, args, signal);
}
