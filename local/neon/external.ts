import { type EventEmitter, once } from "node:events";
import type { Duplex } from "node:stream";
import { Client, type ClientConfig, DatabaseError } from "pg";
import { type Backend, joinStreams } from "#/local/neon/backend.ts";
import { DATABASE, OWNER, ownershipStatements } from "#/local/neon/roles.ts";
import {
  ASK_FOR_PASSWORD,
  ENCRYPTION_REFUSED,
  errorResponse,
  greeting,
  MessageReader,
  parseStartup,
  type Startup,
  readText,
} from "#/local/neon/wire.ts";

/**
 * A PostgreSQL that runs already, here or elsewhere. It may ask for TLS and SCRAM, which Neon's driver does not speak on loopback:
 * each client tells us its password, we sign in for it in the server's way, then pass every byte on.
 */
export async function externalBackend(
  url: string,
  options: { readonly ownerPassword: string; readonly connections: number },
): Promise<Backend> {
  await prepareServer(url, options.ownerPassword);
  return relayTo(url, options.connections);
}

/** The same for a server that cannot be changed: a standby has the roles and passwords of its primary. It may be away. */
export function relayTo(url: string, connections: number): Backend {
  return {
    connections,
    serve: (client) => {
      void relay(client, url);
    },
    stop: async () => undefined,
  };
}

async function prepareServer(url: string, ownerPassword: string): Promise<void> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ owner: boolean; database: boolean; isOurselves: boolean }>(
      `select exists (select from pg_roles where rolname = $1) as owner, exists (select from pg_database where datname = $2) as database,
              current_user = $1 as "isOurselves"`,
      [OWNER, DATABASE],
    );
    const known = rows[0] ?? { owner: false, database: false };
    for (const statement of ownershipStatements(known, ownerPassword)) await admin.query(statement);
  } finally {
    await admin.end();
  }
}

async function relay(client: Duplex, url: string): Promise<void> {
  client.on("error", () => client.destroy());
  const reader = new MessageReader();
  try {
    const { user, database } = await readSession(client, reader);
    client.write(ASK_FOR_PASSWORD);
    const password = readText(await read(client, reader, () => reader.next()));
    const { stream, parameters } = await signIn({ ...target(url), user, password, database });
    client.write(greeting(parameters, 0));
    // What Neon's driver sent ahead, behind its password.
    stream.write(reader.rest());
    joinStreams(client, stream);
  } catch (error) {
    const code = error instanceof DatabaseError && error.code !== undefined ? error.code : "08006";
    client.end(errorResponse("FATAL", code, error instanceof Error ? error.message : String(error)));
  }
}

async function readSession(client: Duplex, reader: MessageReader): Promise<Startup & { kind: "session" }> {
  for (;;) {
    const startup = parseStartup(await read(client, reader, () => reader.nextStartup()));
    if (startup.kind === "session") return startup;
    if (startup.kind === "cancel") throw new Error("Cancelling a query is not passed on.");
    client.write(ENCRYPTION_REFUSED);
  }
}

async function read<T>(client: Duplex, reader: MessageReader, take: () => T | undefined): Promise<T> {
  for (;;) {
    const taken = take();
    if (taken !== undefined) return taken;
    const chunk: unknown = client.read();
    if (chunk instanceof Buffer) reader.push(chunk);
    else if (client.readableEnded || client.destroyed)
      throw new Error("The client left before it had signed in.");
    else await Promise.race([once(client, "readable"), once(client, "close")]);
  }
}

/** Host, port and TLS of the URL, without the user it names. */
function target(url: string): ClientConfig {
  const { host, port, ssl } = new Client({ connectionString: url });
  return { host, port, ssl };
}

/** Lets pg do the sign-in, then takes its connection over while nothing is under way on it. */
async function signIn(
  config: ClientConfig,
): Promise<{ stream: Duplex; parameters: ReadonlyMap<string, string> }> {
  const session = new Client(config);
  session.on("error", () => undefined);
  const connection: EventEmitter & { stream: Duplex } = Reflect.get(session, "connection");
  const parameters = new Map<string, string>();
  connection.on("parameterStatus", (status: { parameterName: string; parameterValue: string }) => {
    parameters.set(status.parameterName, status.parameterValue);
  });
  await session.connect();
  connection.stream.removeAllListeners("data");
  return { stream: connection.stream, parameters };
}
