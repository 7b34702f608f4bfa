/** The states of an MCP server. `new`: nobody has asked it yet; `signed_out`: it wants to know who is asking. */
export const MCP_SERVER_STATES = ["new", "ready", "signed_out", "failed"] as const;
export type McpServerState = (typeof MCP_SERVER_STATES)[number];

/** The dialect of a server, learned by a probe and kept. */
export interface Dialect {
  /** The revision of the protocol. */
  readonly version: string;
  /** True where a server of the older revisions has given a session: calls need one then. */
  readonly hasSessions: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** A tool as a server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description: string;
  readonly inputSchema: Json;
  readonly outputSchema?: Json | undefined;
  /** The server's own words on its effects. Hints: whoever wrote the server wrote them. */
  readonly annotations: Json;
  /** Over everything above. */
  readonly digest: string;
}

/** A tool that a server lists and that cannot be used. */
export interface UnfitTool {
  readonly name: string;
  readonly reason: string;
}

/** The tools that a server lists. */
export interface ToolList {
  readonly tools: readonly ListedTool[];
  readonly unfit: readonly UnfitTool[];
}
