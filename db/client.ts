import "server-only";
import { Pool } from "@neondatabase/serverless";
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
import { runPipeline } from "#/db/pipeline.ts";
import { kyselyPool } from "#/db/pool.ts";
import { repeatOnCollision } from "#/db/repeat.ts";
import type { Tables } from "#/db/tables.ts";
import { env } from "#/lib/env.ts";

/** The one who asks, and their workspace. `userId` is absent for keys, webhooks and schedules. */
interface TenantContext {
  readonly workspaceId: string;
  readonly userId?: string | undefined;
}

interface Compilable<Row> {
  compile: () => CompiledQuery<Row>;
}
type RowsOf<Queries extends readonly unknown[]> = {
  -readonly [Index in keyof Queries]: Queries[Index] extends Compilable<infer Row> ? Row[] : never;
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

const ENTER_TENANT =
  "select set_config('role', 'app_tenant', true), set_config('app.workspace_id', $1, true), set_config('app.user_id', $2, true)";

/** Opens a database for the runtime role. @param url pooled connection string, role app_runtime. */
export function openDatabase(url: string, poolSize: number): Database {
  configureNeon(url);
  const pool = new Pool({ connectionString: url, max: poolSize });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: kyselyPool(pool) }) });

  const tenant = (context: TenantContext): Tenant => {
    const parameters = [context.workspaceId, context.userId ?? ""];
    return {
      ...context,
      batch: async (build) => {
        const queries = build(builder).map((query) => query.compile());
        const [, ...results] = await repeatOnCollision(() =>
          runPipeline(pool, [{ sql: ENTER_TENANT, parameters }, ...queries]),
        );
        // Each result has the rows of the query in the same place; the tuple type cannot be rebuilt by inference. Hence the
        // assertion, which .oxlintrc.json allows for this file.
        return results as RowsOf<ReturnType<typeof build>>;
      },
      transaction: (work) =>
        repeatOnCollision(() =>
          db.transaction().execute(async (transaction) => {
            await sql`select set_config('role', 'app_tenant', true), set_config('app.workspace_id', ${context.workspaceId}, true),
              set_config('app.user_id', ${context.userId ?? ""}, true)`.execute(transaction);
            return work(transaction);
          }),
        ),
    };
  };

  return {
    tenant,
    system: {
      transaction: (work) =>
        repeatOnCollision(() =>
          db.transaction().execute(async (transaction) => {
            await sql`select set_config('role', 'app_system', true)`.execute(transaction);
            return work(transaction);
          }),
        ),
    },
    call: async (statement, parameters) =>
      (await repeatOnCollision(() => runPipeline(pool, [{ sql: statement, parameters }])))[0] ?? [],
    close: () => db.destroy(),
  };
}

let opened: Database | undefined;

/** The process-wide database of the environment. */
export function database(): Database {
  const { url, poolSize } = env().database;
  opened ??= openDatabase(url, poolSize);
  return opened;
}
