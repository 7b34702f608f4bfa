import "server-only";
import { signInHeaders } from "#/agents/connections/sign-in.ts";
import { signInOf as findSignIn } from "#/agents/connections/fields.ts";
import { createMcpClient, type KnownServer } from "#/agents/mcp/client.ts";
import type { ServerAddress } from "#/agents/mcp/dialect.ts";
import type { McpPorts } from "#/agents/mcp/sending.ts";
import type { Outcome } from "#/agents/mcp/outcome.ts";
import { explainOutcome } from "#/agents/mcp/probe.ts";
import type { Request } from "#/agents/mcp/request.ts";
import { makeMask } from "#/agents/steps/secret-mask.ts";
import type { Tenant } from "#/db/client.ts";
import { noteProblem, type SealedServer } from "#/db/mcp-servers.ts";
import { env } from "#/lib/env.ts";
import { guardedStream } from "#/lib/http/guarded-fetch.ts";
import { newId } from "#/lib/id.ts";
import { maySendTo } from "#/lib/secret-hosts.ts";
import { openCredentials } from "#/operations/connections/credentials.ts";
import { freshToken } from "#/operations/mcp-servers/tokens.ts";

/** A call's own time is longer, so that silence of a server is told as what it is. */
const SILENCE_MS = 50_000;
/** For a server that tells of its progress. */
const EXCHANGE_MS = 4 * 60_000;
const MOST_BYTES = 8 * 1024 * 1024;

/** The world as the client of MCP needs it. */
export const mcpPorts = (silenceMs = SILENCE_MS): McpPorts => ({
  stream: guardedStream({
    allowHosts: env().httpAllowHosts,
    timeoutMs: EXCHANGE_MS,
    maxBytes: MOST_BYTES,
  }),
  silenceMs,
  newId,
  now: Date.now,
});

/** The client of this process. What it keeps are sessions. */
let client: ReturnType<typeof createMcpClient> | undefined;
export const mcpClient = () => (client ??= createMcpClient(mcpPorts()));

export const urlOf = ({ settings }: SealedServer): string => settings["url"] ?? "";

export const signInOf = ({ settings }: SealedServer) => findSignIn("mcp", settings) ?? "none";

type Mask = ReturnType<typeof makeMask>;

/** The result of an attempt, and whether its credentials were refused. */
interface Attempt<T> {
  readonly value: T;
  readonly isRefused: boolean;
}

/**
 * Does something with a server, signed in. Tokens that the server refuses are refreshed once and it is done again: a server does nothing for
 * whom it does not know. Credentials never come out of what it answers.
 */
export async function signedIn<T>(
  tenant: Tenant,
  server: SealedServer,
  act: (address: ServerAddress, mask: Mask) => Promise<Attempt<T>>,
): Promise<T> {
  const url = urlOf(server);
  const credentials = openCredentials(server.id, server.credentialsSealed);
  if (signInOf(server) !== "oauth2-code") {
    const headers = signInHeaders({ kind: "mcp", settings: server.settings, credentials }, undefined);
    const mask = makeMask(credentials);
    return mask((await act({ url, headers }, mask)).value);
  }
  const token = await freshToken(tenant, server, "as it is");
  const first = await actWith(token);
  const again =
    first.isRefused && token !== undefined ? await freshToken(tenant, server, "refused") : undefined;
  return (again === undefined ? first : await actWith(again)).value;

  async function actWith(given: string | undefined): Promise<Attempt<T>> {
    const mask = makeMask({ ...credentials, token: given ?? "" });
    const attempt = await act({ url, headers: bearer(given) }, mask);
    return { ...attempt, value: mask(attempt.value) };
  }
}

const bearer = (token: string | undefined): Readonly<Record<string, string>> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** Sends one request to a server, signed in. */
export async function sendToServer(tenant: Tenant, server: SealedServer, request: Request): Promise<Outcome> {
  const { dialect } = server;
  const elsewhere = refuseElsewhere(server);
  if (elsewhere) return elsewhere;
  if (dialect === null)
    return { kind: "unsent", reason: "Nobody has asked this server yet: refresh it.", mayPass: false };
  const outcome = await signedIn(tenant, server, async (address, mask) => {
    const known: KnownServer = { ...address, dialect };
    const { onProgress } = request;
    const value = await mcpClient().send(known, {
      ...request,
      onProgress: onProgress && ((progress) => onProgress(mask(progress))),
    });
    return { value, isRefused: isRefusal(value) };
  });
  if (isRefusal(outcome))
    await noteProblem(tenant, server.id, { state: "signed_out", problem: explainOutcome(outcome) });
  return outcome;
}

export const isRefusal = (outcome: Outcome): boolean =>
  outcome.kind === "unauthorized" && outcome.status === 401;

/** Credentials go to the hosts of their connection and nowhere else. */
export function refuseElsewhere(server: SealedServer): Extract<Outcome, { kind: "unsent" }> | undefined {
  if (maySendTo(urlOf(server), server.hosts)) return undefined;
  const reason = "The connection is not bound to the host of its address. An admin can add the host to it.";
  return { kind: "unsent", reason, mayPass: false };
}
