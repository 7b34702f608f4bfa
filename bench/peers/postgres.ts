import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, rmSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { type PostgresBinaries, preparePostgresBinaries } from "../../local/neon/postgres-binaries.ts";
import { freePort } from "../../tests/support/free-port.ts";
import { scratchDirectory } from "./scratch.ts";

export interface BenchPostgres {
  readonly pid: number;
  readonly version: string;
  readonly makeUrl: (database: string) => string;
  /** A connection of the superuser that looks at the counters. */
  readonly admin: Client;
  /** Leaves one alone that is there already. */
  readonly createDatabase: (name: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const SUPERUSER = "bench";

/** Waits for the disk at every commit, as by default. The rest keeps checkpoints and full disks of one system out of the figures of the next. */
const SETTINGS = {
  fsync: "on",
  synchronous_commit: "on",
  shared_buffers: "512MB",
  max_connections: "300",
  max_wal_size: "8GB",
  checkpoint_timeout: "30min",
  shared_preload_libraries: "pg_stat_statements",
  "pg_stat_statements.max": "10000",
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  timezone: "UTC",
};

/** One PostgreSQL for all systems, from the binaries that the product's own database runs on. */
export async function startBenchPostgres(): Promise<BenchPostgres> {
  const binaries = preparePostgresBinaries();
  const home = scratchDirectory();
  const dataDir = path.join(home, "data");
  const { uid, gid } = binaries.identity;
  if (uid !== undefined && gid !== undefined) chownSync(home, uid, gid);
  const options = { ...binaries.identity, cwd: "/", env: { ...process.env, LC_ALL: "C.UTF-8", TZ: "UTC" } };
  execFileSync(
    binaries.initdb,
    ["-D", dataDir, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"],
    { ...options, stdio: "pipe" },
  );
  const port = await freePort();
  const server = await launch(binaries, dataDir, port);
  const makeUrl = (database: string) => `postgres://${SUPERUSER}@127.0.0.1:${port}/${database}`;
  const admin = new Client({ connectionString: makeUrl("postgres") });
  await admin.connect();
  await admin.query("create extension pg_stat_statements");
  const {
    rows: [shown],
  } = await admin.query<{ server_version: string }>("show server_version");
  return {
    pid: server.pid ?? 0,
    version: shown?.server_version ?? "",
    makeUrl,
    admin,
    createDatabase: async (name) => {
      const { rowCount } = await admin.query("select from pg_database where datname = $1", [name]);
      if (rowCount === 0) await admin.query(`create database ${name}`);
    },
    stop: async () => {
      await admin.end();
      const gone = once(server, "exit");
      server.kill("SIGINT");
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function launch(
  { postgres, identity }: PostgresBinaries,
  dataDir: string,
  port: number,
): Promise<ChildProcess> {
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const server = spawn(postgres, ["-D", dataDir, ...settings], {
    ...identity,
    cwd: "/",
    env: { ...process.env, LC_ALL: "C.UTF-8", TZ: "UTC" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  await new Promise<void>((resolve, reject) => {
    server.stderr.on("data", (chunk) => {
      log = (log + String(chunk)).slice(-4000);
      if (log.includes("ready to accept connections")) resolve();
    });
    server.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}: ${log}`)));
  });
  process.once("exit", () => server.kill("SIGINT"));
  return server;
}
