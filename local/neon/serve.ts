import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Backend, passThrough } from "#/local/neon/backend.ts";
import { externalBackend, relayTo } from "#/local/neon/external.ts";
import { startFront } from "#/local/neon/front.ts";
import { embeddedEngine } from "#/local/neon/pglite.ts";
import { startPostgres } from "#/local/neon/postgres.ts";
import { DATABASE, OWNER, type RolePasswords, RUNTIME } from "#/local/neon/roles.ts";
import { Sessions } from "#/local/neon/sessions.ts";

export type Engine =
  /** PostgreSQL inside this process. No directory: the data goes when it stops. */
  | { readonly kind: "pglite"; readonly dataDir: string | undefined; readonly idleInTransactionMs?: number }
  /** PostgreSQL from npm's binaries, as a child process. */
  | {
      readonly kind: "postgres";
      readonly dataDir: string;
      readonly settings?: Readonly<Record<string, string>>;
    }
  /** A PostgreSQL that runs already; the URL's user must be allowed to create roles and databases. */
  | { readonly kind: "url"; readonly url: string }
  /** A standby of it, which has everything from its primary. */
  | { readonly kind: "standby"; readonly url: string };

export interface NeonOptions {
  readonly port: number;
  readonly engine: Engine;
  readonly passwords: RolePasswords;
}

/**
 * Starts the Neon wire on 127.0.0.1. The database `cairn` and its owner `cairn_owner` exist afterwards; `app_runtime` can log in
 * with its password as soon as the migrations have created it.
 */
export async function startNeon({
  port,
  engine,
  passwords,
}: NeonOptions): Promise<{ port: number; stop: () => Promise<void> }> {
  const backend = await startBackend(engine, passwords);
  try {
    const front = await startFront(port, backend);
    const stop = async () => {
      await front.stop();
      await backend.stop();
    };
    return { port: front.port, stop };
  } catch (error) {
    await backend.stop();
    throw error;
  }
}

const POOL_SIZE = 20;

async function startBackend(engine: Engine, passwords: RolePasswords): Promise<Backend> {
  switch (engine.kind) {
    case "pglite":
      return pgliteBackend(engine, passwords);
    case "postgres": {
      const postgres = await startPostgres({ ...engine, ownerPassword: passwords.owner });
      return { ...passThrough(postgres), connections: POOL_SIZE, stop: postgres.stop };
    }
    case "url":
      return externalBackend(engine.url, { ownerPassword: passwords.owner, connections: POOL_SIZE });
    case "standby":
      return relayTo(engine.url, POOL_SIZE);
  }
}

async function pgliteBackend(
  options: Engine & { kind: "pglite" },
  passwords: RolePasswords,
): Promise<Backend> {
  const scratch =
    options.dataDir === undefined ? mkdtempSync(path.join(os.tmpdir(), "cairn-neon-")) : undefined;
  const removeScratch = () => {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  };
  try {
    const engine = await embeddedEngine(options.dataDir ?? path.join(scratch ?? "", "data"), passwords.owner);
    const sessions = await Sessions.start({
      open: engine.open,
      database: DATABASE,
      passwords: new Map([
        [OWNER, passwords.owner],
        [RUNTIME, passwords.runtime],
      ]),
      ...(options.idleInTransactionMs === undefined
        ? {}
        : { idleInTransactionMs: options.idleInTransactionMs }),
    });
    return {
      // One engine runs one statement at a time: more connections would only mean more switching of sessions.
      connections: 1,
      serve: (client) => {
        sessions.serve(client);
      },
      stop: async () => {
        await sessions.stop();
        engine.release();
        removeScratch();
      },
    };
  } catch (error) {
    removeScratch();
    throw error;
  }
}
