import { isModern, type ServerAddress } from "#/agents/mcp/dialect.ts";
import type { Dialect } from "#/agents/vocabulary/mcp.ts";
import { exchange } from "#/agents/mcp/exchange.ts";
import type { McpPorts } from "#/agents/mcp/sending.ts";
import type { Outcome } from "#/agents/mcp/outcome.ts";
import { openSession } from "#/agents/mcp/probe.ts";
import type { Request } from "#/agents/mcp/request.ts";

/** A server that has been probed. */
export interface KnownServer extends ServerAddress {
  readonly dialect: Dialect;
}

/** Sends requests to servers: one request, one outcome. */
export interface McpClient {
  readonly send: (server: KnownServer, request: Request) => Promise<Outcome>;
}

/** Sessions are small, and a lost one is opened anew. */
const MOST_SESSIONS = 200;

/** Makes a client. It keeps nothing but the sessions that servers of the older revisions ask for. */
export function createMcpClient(ports: McpPorts): McpClient {
  const sessions = new Map<string, string>();
  const keep = (key: string, sessionId: string) => {
    if (sessions.size >= MOST_SESSIONS) sessions.clear();
    sessions.set(key, sessionId);
  };
  return {
    send: async (server, request) => {
      const { dialect, ...address } = server;
      if (isModern(dialect) || !dialect.hasSessions)
        return (await exchange(ports, { address, dialect, request })).outcome;
      const key = sessionKey(server);
      const sessionId = sessions.get(key) ?? (await begin(ports, server, request.signal));
      if (typeof sessionId !== "string") return sessionId;
      keep(key, sessionId);
      const sent = await exchange(ports, { address, dialect, request, sessionId });
      if (!hasNoSession(sent.status)) return sent.outcome;
      // The server has forgotten the session, and so has not looked at the request.
      sessions.delete(key);
      const anew = await begin(ports, server, request.signal);
      if (typeof anew !== "string") return anew;
      keep(key, anew);
      return (await exchange(ports, { address, dialect, request, sessionId: anew })).outcome;
    },
  };
}

/** A session belongs to whoever opened it. */
const sessionKey = ({ url, headers }: ServerAddress): string => JSON.stringify([url, headers]);

/** Returns whether a status says that a session is over. */
const hasNoSession = (status: number | undefined) => status === 404;

/** @returns the id of a new session, or what is in the way: the request itself has not been sent */
async function begin(
  ports: McpPorts,
  { dialect, ...address }: KnownServer,
  signal: AbortSignal | undefined,
): Promise<string | Outcome> {
  const opened = await openSession(ports, address, { version: dialect.version, signal });
  if (opened.sessionId !== undefined) return opened.sessionId;
  if (opened.outcome.kind === "unauthorized" || opened.outcome.kind === "error") return opened.outcome;
  return { kind: "unsent", reason: "The server did not begin a session.", mayPass: true };
}
