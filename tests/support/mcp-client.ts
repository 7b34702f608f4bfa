import { randomUUID } from "node:crypto";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

export interface McpEnd {
  readonly url: string;
  readonly key: string;
  /** Behind the path, with its question mark. */
  readonly query?: string;
}

export type ClientOptions = NonNullable<ConstructorParameters<typeof Client>[1]>;

/** The official client, of the era that it is told to be. */
export async function connectMcp(
  { url, key }: McpEnd,
  era: "modern" | "legacy",
  options: ClientOptions = {},
): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1" },
    {
      ...(era === "modern" && { versionNegotiation: { mode: { pin: "2026-07-28" } } }),
      ...options,
    },
  );
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/api/mcp`), { requestInit }));
  return client;
}

const TASKS = "io.modelcontextprotocol/tasks";

interface RawOptions {
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly capabilities?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  // Each test knows what it has asked for.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string };
}

/** One message of 2026-07-28 as a client of the tasks extension writes it, which the official client is not. */
export async function sendMcp(
  { url, key, query = "" }: McpEnd,
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  { meta, capabilities = { elicitation: {}, extensions: { [TASKS]: {} } }, headers }: RawOptions = {},
): Promise<RawAnswer> {
  const name = params["name"] ?? params["taskId"];
  const response = await fetch(`${url}/api/mcp${query}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(typeof name === "string" && { "mcp-name": name }),
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: randomUUID(),
      method,
      params: {
        ...params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": capabilities,
          ...meta,
        },
      },
    }),
  });
  const text = await response.text();
  const json = /event-stream/.test(response.headers.get("content-type") ?? "")
    ? text
        .split("\n")
        .findLast((line) => line.startsWith("data:"))
        ?.slice(5)
    : text;
  return { status: response.status, headers: response.headers, ...JSON.parse(json ?? "{}") };
}
