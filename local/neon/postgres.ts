import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import type { Address } from "#/local/neon/backend.ts";
import { lockDataDirectory } from "#/local/neon/data-lock.ts";
import { type PostgresBinaries, preparePostgresBinaries } from "#/local/neon/postgres-binaries.ts";
import { ownershipStatements } from "#/local/neon/roles.ts";

export interface PostgresOptions {
  /** Must be readable by `nobody` when we are root; not below /root, then. */
  readonly dataDir: string;
  readonly ownerPassword: string;
  /** Server settings, such as `fsync: "off"` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Postgres extends Address {
  readonly stop: () => Promise<void>;
}

const READY_LINE = "ready to accept connections";
const LONGEST_STOP_MS = 10_000;

/**
 * Real PostgreSQL from npm's binaries, on a loopback port that the system chooses, with our database and owner in place.
 * Passwords travel in the clear, as Neon's driver sends them: it listens on 127.0.0.1 only.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const binaries = preparePostgresBinaries();
  const unlock = lockDataDirectory(options.dataDir);
  try {
    prepareDirectory(options.dataDir, binaries);
    await stopOrphan(options.dataDir);
    await prepareCluster(options, binaries);
    const port = await freePort();
    const server = await launch(binaries, [...serverArguments(options), "-p", String(port)]);
    return {
      host: "127.0.0.1",
      port,
      stop: async () => {
        await terminate(server);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

function serverArguments({ dataDir, settings = {} }: PostgresOptions): readonly string[] {
  // Neon's pooler takes thousands of clients; with PostgreSQL's default of 100 a few pools and a burst are refused.
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    timezone: "UTC",
    max_connections: "300",
    ...settings,
  };
  return ["-D", dataDir, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/** PostgreSQL insists on owning its directory, alone. */
function prepareDirectory(dataDir: string, { identity }: PostgresBinaries): void {
  mkdirSync(path.dirname(dataDir), { recursive: true });
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o700);
  const { uid, gid } = identity;
  if (uid === undefined || gid === undefined || statSync(dataDir).uid === uid) return;
  for (const entry of readdirSync(dataDir, { recursive: true, encoding: "utf8" }))
    chownSync(path.join(dataDir, entry), uid, gid);
  chownSync(dataDir, uid, gid);
}

/** We hold the lock, so a server that still runs there has lost its parent: it is stopped before it is started anew. */
export async function stopOrphan(dataDir: string): Promise<void> {
  const file = path.join(dataDir, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (!signal(pid, "SIGINT")) return;
  const deadline = Date.now() + LONGEST_STOP_MS;
  while (existsSync(file)) {
    if (Date.now() > deadline)
      throw new Error(
        `A PostgreSQL without parent (process ${pid}) still uses ${dataDir} and does not stop.`,
      );
    await delay(20);
  }
}

/** @returns whether there was such a process. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** The superuser gets no password, so nobody can log in as it: owner and database are set through the single-user server. */
async function prepareCluster(
  { dataDir, ownerPassword }: PostgresOptions,
  binaries: PostgresBinaries,
): Promise<void> {
  if (existsSync(path.join(dataDir, "PG_VERSION"))) {
    await runSingleUser(
      binaries,
      dataDir,
      ownershipStatements({ owner: true, database: true }, ownerPassword),
    );
    return;
  }
  // Built beside its place: a half-made one is never opened.
  const draft = `${dataDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  prepareDirectory(draft, binaries);
  await run(binaries, {
    program: binaries.initdb,
    args: ["-D", draft, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"],
  });
  writeFileSync(path.join(draft, "pg_hba.conf"), "host all all 127.0.0.1/32 password\n");
  await runSingleUser(binaries, draft, ownershipStatements({ owner: false, database: false }, ownerPassword));
  rmdirSync(dataDir);
  renameSync(draft, dataDir);
}

async function runSingleUser(
  binaries: PostgresBinaries,
  dataDir: string,
  statements: readonly string[],
): Promise<void> {
  const errors = await run(binaries, {
    program: binaries.postgres,
    args: ["--single", "-D", dataDir, "postgres"],
    input: `${statements.join("\n")}\n`,
  });
  // The single-user server continues after an error and ends well.
  const error = /^.*(?:ERROR|FATAL): .*$/m.exec(errors);
  if (error !== null) throw new Error(`PostgreSQL could not be prepared in ${dataDir}: ${error[0]}`);
}

/** @returns what the program wrote to standard error. @throws Error with it when the program fails. */
async function run(
  binaries: PostgresBinaries,
  command: { program: string; args: readonly string[]; input?: string },
): Promise<string> {
  const child = spawnProgram(binaries, command.program, command.args);
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  child.stdin.end(command.input ?? "");
  const [code] = await once(child, "close");
  if (code !== 0)
    throw new Error(
      `${path.basename(command.program)} ended with code ${String(code)}: ${errors.slice(-1000)}`,
    );
  return errors;
}

function spawnProgram({ identity }: PostgresBinaries, program: string, args: readonly string[]) {
  return spawn(program, args, {
    ...identity,
    cwd: path.parse(program).root,
    env: { ...process.env, LC_ALL: "C.UTF-8", TZ: "UTC" },
    stdio: "pipe",
  });
}

/** Starts the server and waits until it takes connections. */
async function launch(binaries: PostgresBinaries, args: readonly string[]): Promise<ChildProcess> {
  const server = spawnProgram(binaries, binaries.postgres, args);
  let log = "";
  await new Promise<void>((ready, failed) => {
    server.stderr.on("data", (chunk) => {
      log = (log + String(chunk)).slice(-4000);
      if (log.includes(READY_LINE)) ready();
    });
    server.once("error", failed);
    server.once("exit", (code) => {
      failed(new Error(`PostgreSQL ended with code ${String(code)} while starting: ${log.slice(-1000)}`));
    });
  });
  // If this process ends in order but in haste, the server goes with it.
  const endWithUs = () => server.kill("SIGINT");
  process.once("exit", endWithUs);
  server.once("exit", () => process.off("exit", endWithUs));
  return server;
}

/** Fast shutdown: open transactions are rolled back, the rest is written down. */
async function terminate(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGINT");
  await ended;
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  const port = await listenOnLoopback(probe, 0);
  await closeServer(probe);
  return port;
}
