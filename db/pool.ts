import { Pool, type PoolClient, type PoolConfig } from "@neondatabase/serverless";
import type { PostgresPool } from "kysely";

/** Opens connections to a server as they are asked for. */
export function openPool(config: PoolConfig): Pool {
  const pool = new Pool(config);
  // Without a listener a connection that drops ends the process: an idle one, one between two queries, and one that says so twice.
  pool.on("error", () => undefined);
  pool.on("connect", (client: PoolClient) => void client.on("error", () => undefined));
  return pool;
}

/** Neon's Pool in the shape Kysely's types ask for (Neon types `connect()` of its Client as void; at run time they agree). */
export function kyselyPool(pool: Pool): PostgresPool {
  return { connect: () => pool.connect(), end: () => pool.end(), options: pool.options };
}

/** Told of what a process's connections do. Must not throw. */
export interface PoolObserver {
  /** The database has answered: one round trip, or one query of a transaction. */
  readonly answered: (ms: number) => void;
  /** A connection was taken: of all that there may be, this share is in use now, and so many others still wait for one. */
  readonly taken: (use: { readonly share: number; readonly waiting: number }) => void;
}

export function watchPool(pool: Pool, size: number, { taken }: PoolObserver): void {
  pool.on("acquire", () =>
    taken({ share: (pool.totalCount - pool.idleCount) / size, waiting: pool.waitingCount }),
  );
}
