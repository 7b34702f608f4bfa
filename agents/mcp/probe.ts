import * as v from "valibot";
import { MODERN, NEWEST_OLD, OLD_REVISIONS, type ServerAddress } from "#/agents/mcp/dialect.ts";
import type { Dialect } from "#/agents/vocabulary/mcp.ts";
import { type Exchange, exchange } from "#/agents/mcp/exchange.ts";
import type { McpPorts } from "#/agents/mcp/sending.ts";
import type { Outcome } from "#/agents/mcp/outcome.ts";
import { CLIENT } from "#/agents/mcp/request.ts";

/** The facts that a server tells of itself. */
interface ServerFacts {
  readonly dialect: Dialect;
  readonly name: string;
  readonly version: string;
  readonly hasTools: boolean;
}

export type Probe =
  | { readonly kind: "found"; readonly facts: ServerFacts }
  /** `outcome` says what is in the way; `reason` in words. */
  | { readonly kind: "failed"; readonly outcome: Outcome; readonly reason: string };

const LONGEST_NAME = 200;
const ShortText = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => text.slice(0, LONGEST_NAME)),
  ),
  "",
);
const Info = v.looseObject({ name: ShortText, version: ShortText });
const Capabilities = v.optional(v.looseObject({ tools: v.optional(v.unknown()) }), {});

const Discovered = v.looseObject({
  supportedVersions: v.array(v.string()),
  capabilities: Capabilities,
  _meta: v.optional(v.looseObject({ "io.modelcontextprotocol/serverInfo": v.optional(Info, {}) }), {}),
});
const Initialized = v.looseObject({
  protocolVersion: v.string(),
  capabilities: Capabilities,
  serverInfo: v.optional(Info, {}),
});

/** Finds out which revision of the protocol a server speaks. Asked when it is added, and when its list is read anew. */
export async function probe(ports: McpPorts, address: ServerAddress, signal?: AbortSignal): Promise<Probe> {
  const dialect: Dialect = { version: MODERN, hasSessions: false };
  const request = { method: "server/discover", signal };
  const { outcome } = await exchange(ports, { address, dialect, request });
  if (outcome.kind === "result") return readModernFacts(outcome);
  // A server of an older revision answers an error. Silence, refusals and outages are what they are.
  return outcome.kind === "error" ? probeOld(ports, address, signal) : failed(outcome);
}

function readModernFacts(outcome: Extract<Outcome, { kind: "result" }>): Probe {
  const read = v.safeParse(Discovered, outcome.result);
  if (!read.success || !read.output.supportedVersions.includes(MODERN))
    return failed(outcome, "It speaks no revision of MCP that is known here.");
  const { _meta: meta, capabilities } = read.output;
  const { name, version } = meta["io.modelcontextprotocol/serverInfo"] ?? { name: "", version: "" };
  const dialect = { version: MODERN, hasSessions: false };
  return { kind: "found", facts: { dialect, name, version, hasTools: capabilities.tools !== undefined } };
}

async function probeOld(
  ports: McpPorts,
  address: ServerAddress,
  signal: AbortSignal | undefined,
): Promise<Probe> {
  const { outcome, sessionId } = await openSession(ports, address, { version: NEWEST_OLD, signal });
  if (outcome.kind !== "result") return failed(outcome);
  const read = v.safeParse(Initialized, outcome.result);
  if (!read.success || !OLD_REVISIONS.includes(read.output.protocolVersion))
    return failed(outcome, "It speaks no revision of MCP that is known here.");
  const { protocolVersion, capabilities, serverInfo } = read.output;
  return {
    kind: "found",
    facts: {
      ...serverInfo,
      dialect: { version: protocolVersion, hasSessions: sessionId !== undefined },
      hasTools: capabilities.tools !== undefined,
    },
  };
}

interface Opening {
  readonly version: string;
  readonly signal: AbortSignal | undefined;
}

/** The handshake of the older revisions. A server without sessions answers none. */
export async function openSession(
  ports: McpPorts,
  address: ServerAddress,
  { version, signal }: Opening,
): Promise<Exchange> {
  const dialect: Dialect = { version, hasSessions: false };
  const params = { protocolVersion: version, capabilities: {}, clientInfo: CLIENT };
  const opened = await exchange(ports, {
    address,
    dialect,
    request: { method: "initialize", params, signal },
  });
  if (opened.outcome.kind !== "result") return opened;
  const agreed = opened.outcome.result["protocolVersion"];
  await exchange(ports, {
    address,
    dialect:
      typeof agreed === "string" && OLD_REVISIONS.includes(agreed)
        ? { ...dialect, version: agreed }
        : dialect,
    request: { method: "notifications/initialized", signal },
    sessionId: opened.sessionId,
  });
  return opened;
}

const failed = (outcome: Outcome, reason = explainOutcome(outcome)): Probe => ({
  kind: "failed",
  outcome,
  reason,
});

/** Explains what is in the way, for whoever added the server. */
export function explainOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "unauthorized":
      return outcome.status === 401
        ? "It wants to know who is asking: connect it, or give it a token."
        : "It does not let this account in.";
    case "error":
      return `It answered an error: ${outcome.message}`;
    case "unsent":
      return `It cannot be reached: ${outcome.reason}`;
    case "unknown":
      return outcome.reason;
    case "result":
    case "input_required":
    case "task":
      return "It does not answer as MCP servers do.";
  }
}
