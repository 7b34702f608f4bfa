import type { Pool } from "@neondatabase/serverless";
import type { PostgresPool } from "kysely";

/** Neon's Pool in the shape Kysely's types ask for (Neon types `connect()` of its Client as void; at run time they agree). */
export function kyselyPool(pool: Pool): PostgresPool {
  // Without a listener an idle connection that drops ends the process.
  pool.on("error", () => undefined);
  return { connect: () => pool.connect(), end: () => pool.end(), options: pool.options };
}
