import "server-only";
import type { Pool } from "@neondatabase/serverless";
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type Transaction,
} from "kysely";
import { configureNeon } from "#/db/neon.ts";
import { type Row, runPipeline, type Statement } from "#/db/pipeline.ts";
import { kyselyPool, openPool, type PoolObserver, watchPool } from "#/db/pool.ts";
import { ownWritesIn } from "#/lib/cloud/own-writes.ts";
import { openReplica, type ReplicaSettings } from "#/db/replica.ts";
import { repeatOnCollision } from "#/db/repeat.ts";
import { PRIMARY_POSITION } from "#/db/standby.ts";
import type { Tables } from "#/db/tables.ts";
import { connectKv } from "#/lib/cloud/kv.ts";
import { env } from "#/lib/env.ts";
import { log } from "#/lib/observe/log.ts";
import { metrics } from "#/lib/observe/metrics.ts";

/** The one who asks, and their workspace. `userId` is absent for keys, webhooks and schedules. */
interface TenantContext {
  readonly workspaceId: string;
  readonly userId?: string | undefined;
  /** Only looks: what it reads may be some seconds old, but for what the person has changed. */
  readonly mayLag?: boolean | undefined;
}

interface Compilable<Found> {
  compile: () => CompiledQuery<Found>;
}
type RowsOf<Queries extends readonly unknown[]> = {
  -readonly [Index in keyof Queries]: Queries[Index] extends Compilable<infer Found> ? Found[] : never;
};

/** Builds queries; it has no connection, so nothing can run outside a handle. */
export type QueryBuilder = Kysely<Tables>;
export type TenantTransaction = Transaction<Tables>;

/**
 * The only way to a workspace's rows. Every function of db/ that touches them takes one: no handle, no query.
 * Row-level security confines each of its statements to the workspace, whatever their `where` says.
 */
export interface Tenant extends TenantContext {
  /** Runs queries that are known beforehand in one round trip and one read-committed transaction. */
  readonly batch: <const Queries extends readonly Compilable<unknown>[]>(
    build: (query: QueryBuilder) => Queries,
  ) => Promise<RowsOf<Queries>>;
  /**
   * Runs queries of a list, a statistic or a search: they are as `batch` runs them, on the read replica where the handle may lag. Only for what is
   * looked at; what something is decided by, or followed while it happens, takes `batch`.
   */
  readonly read: Tenant["batch"];
  /** Runs queries of `run_words` alone, as `read` does: to them it has the runs with all of these words, or words that begin so, found by its index. */
  readonly search: (words: string) => Tenant["batch"];
  /** Runs `work` in a transaction. It must not await or change anything but by its own queries: where others are at the same rows it is run again. */
  readonly transaction: <T>(work: (transaction: TenantTransaction) => Promise<T>) => Promise<T>;
}

/** Reaches rows of all workspaces through the narrow grants of role app_system. */
export interface System {
  readonly transaction: <T>(work: (transaction: TenantTransaction) => Promise<T>) => Promise<T>;
}

export interface Database {
  readonly tenant: (context: TenantContext) => Tenant;
  readonly system: System;
  /** Remembers that the handle's person has just changed something, so that they see it in whatever they read next. Never throws. */
  readonly noteChange: (context: TenantContext) => Promise<void>;
  /** One statement, outside any context: only for the functions of schema app, which enter the workspace themselves. */
  readonly call: (
    statement: string,
    parameters: readonly unknown[],
  ) => Promise<Readonly<Record<string, unknown>>[]>;
  readonly close: () => Promise<void>;
}

const builder: QueryBuilder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const ENTER_TENANT = "select app.enter_workspace($1::text::uuid), set_config('app.user_id', $2, true)";
const ENTER_SEARCH =
  "select set_config('role', 'app_search', true), set_config('app.workspace_id', $1, true), set_config('app.words', $2, true)";

/** Opens a database for the runtime role. @param url pooled connection string, role app_runtime. */
export function openDatabase(
  url: string,
  poolSize: number,
  {
    standby,
    observer,
  }: { readonly standby?: ReplicaSettings | undefined; readonly observer?: PoolObserver } = {},
): Database {
  configureNeon(url);
  const pool = openPool({ connectionString: url, max: poolSize });
  const db = openKysely(pool, observer);
  if (observer) watchPool(pool, poolSize, observer);
  const onPrimary = (statements: readonly Statement[]) =>
    repeatOnCollision(() => timed(runPipeline(pool, statements), observer));
  const askPosition = async () =>
    Number((await onPrimary([{ sql: PRIMARY_POSITION, parameters: [] }]))[0]?.[0]?.["position"]);
  const replica = standby && openReplica(standby, poolSize, askPosition);

  const tenant = (context: TenantContext): Tenant => {
    const { workspaceId, userId, mayLag } = context;
    const enter = { sql: ENTER_TENANT, parameters: [workspaceId, userId ?? ""] };
    const onReplica = (statements: readonly Statement[]) =>
      mayLag === true && userId !== undefined
        ? replica?.read({ workspaceId, userId }, statements)
        : undefined;
    const readIn = (entered: Statement) =>
      runBatch(entered, async (statements) => (await onReplica(statements)) ?? onPrimary(statements));
    return {
      ...context,
      batch: runBatch(enter, onPrimary),
      read: readIn(enter),
      search: (words) => readIn({ sql: ENTER_SEARCH, parameters: [workspaceId, words] }),
      transaction: (work) =>
        repeatOnCollision(() =>
          db.transaction().execute(async (transaction) => {
            await sql`select app.enter_workspace(${workspaceId}::text::uuid), set_config('app.user_id', ${userId ?? ""}, true)`.execute(
              transaction,
            );
            return work(transaction);
          }),
        ),
    };
  };

  return {
    tenant,
    system: openSystem(db),
    noteChange: async ({ workspaceId, userId }) => {
      if (userId !== undefined) await replica?.noteChange({ workspaceId, userId });
    },
    call: async (statement, parameters) => (await onPrimary([{ sql: statement, parameters }]))[0] ?? [],
    close: async () => {
      await Promise.all([db.destroy(), replica?.close()]);
    },
  };
}

const openSystem = (db: QueryBuilder): System => ({
  transaction: (work) =>
    repeatOnCollision(() =>
      db.transaction().execute(async (transaction) => {
        await sql`select set_config('role', 'app_system', true)`.execute(transaction);
        return work(transaction);
      }),
    ),
});

function openKysely(pool: Pool, observer: PoolObserver | undefined): QueryBuilder {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: kyselyPool(pool) }),
    ...(observer && { log: ({ queryDurationMillis }) => observer.answered(queryDurationMillis) }),
  });
}

async function timed<T>(asked: Promise<T>, observer: PoolObserver | undefined): Promise<T> {
  const startedAt = performance.now();
  const answer = await asked;
  observer?.answered(performance.now() - startedAt);
  return answer;
}

function runBatch(
  enter: Statement,
  run: (statements: readonly Statement[]) => Promise<readonly Row[][]>,
): Tenant["batch"] {
  return async (build) => {
    const queries = build(builder).map((query) => query.compile());
    const [, ...results] = await run([enter, ...queries]);
    // Each result has the rows of the query in the same place; the tuple type cannot be rebuilt by inference. Hence the
    // assertion, which .oxlintrc.json allows for this file.
    return results as RowsOf<ReturnType<typeof build>>;
  };
}

let opened: Database | undefined;

/** The process-wide database of the environment. */
export function database(): Database {
  const { url, poolSize, replicaUrl, replicaLagMs } = env().database;
  const standby = replicaUrl === undefined ? undefined : replicaOf(replicaUrl, replicaLagMs);
  opened ??= openDatabase(url, poolSize, { standby, observer: counted });
  return opened;
}

/** A read waits for it: a store that is slow is worse than the primary. */
const OWN_WRITES_TIMEOUT_MS = 300;
const REPLICA_PATIENCE_MS = 2_000;

const replicaOf = (url: string, mostLagMs: number): ReplicaSettings => ({
  url,
  mostLagMs,
  patienceMs: REPLICA_PATIENCE_MS,
  ownWrites: ownWritesIn(connectKv(env().kv, OWN_WRITES_TIMEOUT_MS), mostLagMs),
  observe: (reason) =>
    metrics().count("cairn_reads_total", { target: reason === "current" ? "replica" : "primary", reason }),
  warn: (message, cause) => log.warn({ err: cause }, message),
});

const counted: PoolObserver = {
  answered: (ms) => metrics().observe("cairn_query_duration_seconds", ms / 1_000),
  taken: ({ share, waiting }) => {
    metrics().observe("cairn_pool_use_ratio", share);
    if (waiting > 0) metrics().count("cairn_pool_waits_total");
  },
};
