import type { Outcome } from "#/agents/mcp/outcome.ts";
import type { Request } from "#/agents/mcp/request.ts";
import type { ChangeEnd } from "#/agents/tools/tool-change.ts";
import type { ListedTool } from "#/agents/vocabulary/mcp.ts";
import type { ToolEffect } from "#/agents/vocabulary/tool.ts";

/** A tool of a server that an admin has chosen. */
export interface ChosenTool {
  /** The name that models and definitions call it by. */
  readonly name: string;
  readonly serverId: string;
  /** The name of the connection. */
  readonly server: string;
  readonly url: string;
  /** True if requests to the server carry credentials. */
  readonly isSignedIn: boolean;
  /** As the admin has taken it in. */
  readonly trusted: ListedTool;
  /** As the server lists it now; null when it lists it no more. */
  readonly listed: ListedTool | null;
  readonly effect: ToolEffect;
  readonly acceptedPins: readonly string[];
}

export interface DriftDecision {
  readonly tool: ChosenTool;
  /** Of the form that was shown to whoever decided. */
  readonly digest: string;
  readonly action: "accept" | "block";
  /** The person who decided, as the answer says. */
  readonly by: unknown;
}

/** A task of a server, and the run that it is for. */
interface WorkedOn {
  readonly runId: string;
  readonly serverId: string;
  readonly taskId: string;
}

/** The world as the tools of servers need it. */
export interface McpToolPorts {
  /** Returns the chosen tools among `names`, their lists not older than a moment. */
  readonly find: (names: readonly string[]) => Promise<readonly ChosenTool[]>;
  readonly names: () => Promise<readonly string[]>;
  /** Sends a request to the server of a tool, signed in. */
  readonly send: (tool: ChosenTool, request: Request) => Promise<Outcome>;
  /** Keeps in mind that a server works on a task for a run, so that it is told when the run ends first. */
  readonly keepTask: (task: WorkedOn) => Promise<void>;
  readonly forgetTask: (task: WorkedOn) => Promise<void>;
  readonly decideDrift: (decision: DriftDecision) => Promise<ChangeEnd>;
}
