import type { Connection, OpenConnection, TokenKeeper } from "#/agents/connections/connection.ts";
import { signInOf } from "#/agents/connections/fields.ts";
import { signInHeaders } from "#/agents/connections/sign-in.ts";
import { makeMask } from "#/agents/steps/secret-mask.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { GuardedFetch, GuardedStream, OutboundRequest } from "#/lib/outbound.ts";
import type { MailServer, SendMail } from "#/lib/outbound-mail.ts";
import { maySendTo } from "#/lib/secret-hosts.ts";

type Fields = Readonly<Record<string, string>>;

interface Wires {
  readonly fetch: GuardedFetch;
  readonly stream: GuardedStream;
  readonly mail: SendMail;
  readonly tokens: TokenKeeper;
  /** Hears the status of each answer to a request that was signed in. */
  readonly heard?: ((status: number) => Promise<void>) | undefined;
}

/** Opens a connection over wires that are guarded. */
export function openConnection(
  connection: Connection,
  { fetch, stream, mail: send, tokens, heard }: Wires,
): OpenConnection {
  const mask = makeMask(connection.credentials);
  const bound: GuardedFetch = async (request) => {
    assertMayGo(connection, request.url);
    return fetch({ ...request, staysAtOrigin: true });
  };
  const signIn = async (request: OutboundRequest) => {
    assertMayGo(connection, request.url);
    const token = hasTokens(connection) ? await tokens.find(bound) : undefined;
    const headers = { ...lowerCased(request.headers), ...signInHeaders(connection, token) };
    return { token, signed: { ...request, headers, staysAtOrigin: true } };
  };
  const noteAnswer = async (status: number, token: string | undefined) => {
    if (status === 401 && token !== undefined) await tokens.refuse(token);
    // A token is got anew by the next request; a key stays refused until somebody enters another.
    if (token === undefined) await heard?.(status);
  };
  return {
    ...connection,
    mask,
    fetch: async (request) => {
      const { token, signed } = await signIn(request);
      const answer = await fetch(signed);
      await noteAnswer(answer.status, token);
      return token === undefined ? mask(answer) : makeMask({ ...connection.credentials, token })(answer);
    },
    stream: async (request) => {
      const { token, signed } = await signIn(request);
      const answer = await stream(signed);
      await noteAnswer(answer.status, token);
      return answer;
    },
    sendMail: async (mail, signal) => mask(await send(readMailServer(connection), mail, signal)),
  };
}

/** MCP servers are signed in to by their own client. */
function hasTokens({ kind, settings }: Connection): boolean {
  const signIn = signInOf(kind, settings);
  return kind !== "mcp" && (signIn === "oauth2-client" || signIn === "oauth2-code");
}

const SECURITIES = ["starttls", "tls", "none"] as const;

/** @throws StepError for a connection that sends no mail, or not to its server */
function readMailServer(connection: Connection): MailServer {
  const { kind, name, settings, credentials } = connection;
  const { host = "", port = "587", username } = settings;
  if (kind !== "smtp")
    throw new StepError(
      "connection-kind",
      `The connection “${name}” is of kind ${kind} and sends no mail. Make one of kind smtp.`,
    );
  assertMayGo(connection, `https://${host}:${port}`);
  const security = SECURITIES.find((known) => known === settings["security"]) ?? "starttls";
  return { host, port: Number(port), security, username, password: credentials["password"] };
}

const lowerCased = (headers: Fields = {}): Fields =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Of the address no more than its host is told: the rest may hold a secret. */
function assertMayGo({ name, hosts }: Connection, url: string): void {
  if (maySendTo(url, hosts)) return;
  const host = URL.parse(url)?.host ?? "an address without a host";
  throw new StepError(
    "connection-elsewhere",
    `The connection “${name}” is not bound to ${host}, and nothing was sent. An admin can add the host to the connection; then retry the run.`,
  );
}
