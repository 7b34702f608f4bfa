import type { ServerAddress } from "#/agents/mcp/dialect.ts";
import type { Request } from "#/agents/mcp/request.ts";
import type { Dialect } from "#/agents/vocabulary/mcp.ts";
import type { GuardedStream } from "#/lib/outbound.ts";

/** The outside world as a client needs it. */
export interface McpPorts {
  /** With the time and the size that one exchange may take at most. */
  readonly stream: GuardedStream;
  /** The longest time that a server may give no sign of progress. */
  readonly silenceMs: number;
  readonly newId: () => string;
  readonly now: () => number;
}

/** One request on its way to a server. */
export interface Sending {
  readonly address: ServerAddress;
  readonly dialect: Dialect;
  readonly request: Request;
  readonly sessionId?: string | undefined;
}

/** A request that was sent, and is listened for. */
export interface Listening {
  readonly ports: McpPorts;
  readonly sending: Sending;
  readonly id: string;
  /** Aborted when it is given up. */
  readonly signal: AbortSignal;
  /** The server gets on. */
  readonly heard: () => void;
}
