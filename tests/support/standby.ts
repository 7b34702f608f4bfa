import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chmodSync, chownSync, cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { passThrough } from "#/local/neon/backend.ts";
import { startFront } from "#/local/neon/front.ts";
import { startPostgres } from "#/local/neon/postgres.ts";
import { preparePostgresBinaries } from "#/local/neon/postgres-binaries.ts";
import { copyOfTemplate, makeUrls, PASSWORDS } from "#/tests/support/database-template.ts";
import { freePort } from "#/tests/support/free-port.ts";

/** A primary with a streaming standby, both real, each behind the Neon wire. */
export interface Pair {
  readonly primary: { readonly ownerUrl: string; readonly runtimeUrl: string };
  readonly standbyUrl: string;
  /** The standby as its operator knows it: PostgreSQL's own protocol, and nothing in front. */
  readonly plainStandbyUrl: string;
  /** Runs a statement on the standby as its superuser: how its replay is held up. */
  readonly onStandby: (statement: string) => Promise<readonly Record<string, unknown>[]>;
  /** Kills the standby without a goodbye. */
  readonly kill: () => Promise<void>;
  readonly startAgain: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const SETTINGS = { fsync: "off", shared_buffers: "32MB", wal_level: "replica", hot_standby: "on" };

/**
 * Starts both from one data directory: the standby's is a copy of what the primary had when it was shut down last, and follows it from there.
 * (npm's binaries have no pg_basebackup.)
 */
export async function startPair(): Promise<Pair> {
  const directory = await copyOfTemplate("postgres");
  const [data, copy] = [path.join(directory, "data"), path.join(directory, "standby")];
  cpSync(data, copy, { recursive: true });
  appendFileSync(path.join(data, "pg_hba.conf"), "host replication postgres 127.0.0.1/32 trust\n");
  writeFileSync(
    path.join(copy, "pg_hba.conf"),
    "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 password\n",
  );
  const server = await startPostgres({ dataDir: data, ownerPassword: PASSWORDS.owner, settings: SETTINGS });
  const front = await startFront(0, { ...passThrough(server), connections: 4, stop: server.stop });
  const port = await freePort();
  let standby = await startStandby({ data: copy, port, primaryPort: server.port });
  const standbyFront = await startFront(0, {
    ...passThrough({ host: "127.0.0.1", port }),
    connections: 4,
    stop: async () => undefined,
  });
  return {
    primary: makeUrls(front.port, "cairn"),
    standbyUrl: makeUrls(standbyFront.port, "cairn").runtimeUrl,
    plainStandbyUrl: `postgres://127.0.0.1:${port}/postgres`,
    onStandby: (statement) => runAsSuperuser(port, statement),
    kill: () => end(standby, "SIGQUIT"),
    startAgain: async () => {
      standby = await startStandby({ data: copy, port, primaryPort: server.port });
    },
    stop: async () => {
      await standbyFront.stop();
      await end(standby, "SIGQUIT");
      await front.stop();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface StandbyOptions {
  readonly data: string;
  readonly port: number;
  readonly primaryPort: number;
}

async function startStandby({ data, port, primaryPort }: StandbyOptions): Promise<ChildProcess> {
  const { postgres, identity } = preparePostgresBinaries();
  writeFileSync(path.join(data, "standby.signal"), "");
  giveTo(identity, data);
  const settings = {
    ...SETTINGS,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    // A standby refuses to have fewer than its primary.
    max_connections: "300",
    primary_conninfo: `host=127.0.0.1 port=${primaryPort} user=postgres`,
    wal_retrieve_retry_interval: "100ms",
  };
  const child = spawn(
    postgres,
    ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    { ...identity, cwd: "/", env: { ...process.env, LC_ALL: "C.UTF-8", TZ: "UTC" }, stdio: "pipe" },
  );
  let log = "";
  await new Promise<void>((ready, failed) => {
    child.stderr.on("data", (chunk) => {
      log = (log + String(chunk)).slice(-4_000);
      if (log.includes("ready to accept read-only connections")) ready();
    });
    child.once("exit", () => failed(new Error(`The standby ended while starting: ${log}`)));
  });
  return child;
}

/** PostgreSQL insists on owning its directory, alone. */
function giveTo({ uid, gid }: { readonly uid?: number; readonly gid?: number }, data: string): void {
  chmodSync(data, 0o700);
  if (uid === undefined || gid === undefined) return;
  for (const entry of readdirSync(data, { recursive: true, encoding: "utf8" }))
    chownSync(path.join(data, entry), uid, gid);
  chownSync(data, uid, gid);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

async function runAsSuperuser(port: number, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ host: "127.0.0.1", port, user: "postgres", database: "cairn" });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
