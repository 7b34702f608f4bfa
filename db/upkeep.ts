import { sql } from "kysely";
import type { System } from "#/db/client.ts";
import { forgetOldRequests } from "#/db/idempotency.ts";

/** Bounds of one tick's work. */
const RUNS_A_BATCH = 200;
const BATCHES = 20;
const PARTITIONS = 60;
/** Runs that have to stay are moved so many days before their partition goes, so that a tick that fails is not the last. */
const DAYS_AHEAD = 7;

export interface Upkeep {
  /** Partitions that were added or dropped. */
  readonly partitions: readonly string[];
  /** Runs whose rows were moved because they have to stay. */
  readonly kept: number;
  /** Runs that were deleted. */
  readonly expired: number;
}

/**
 * Once a day: adds the partitions of the months to come, drops those whose day has come, and deletes the runs that are over. What cannot be done now,
 * as a table is in use, is tried again by the next tick.
 */
export async function keepStorage(system: System): Promise<Upkeep | undefined> {
  if (!(await ask<boolean>(system, sql`storage.is_due()`))) return undefined;
  const before = sql`(now() at time zone 'utc')::date + ${sql.lit(DAYS_AHEAD)}`;
  const kept = await inBatches(() =>
    ask<number>(system, sql`app.keep_runs(${before}, ${sql.lit(RUNS_A_BATCH)})`),
  );
  const partitions = await changePartitions(system);
  await forgetOldRequests(system);
  const expired = await inBatches(() => ask<number>(system, sql`app.expire_runs(${sql.lit(RUNS_A_BATCH)})`));
  if (partitions.at(-1) === "done" && kept.isAll && expired.isAll) await ask(system, sql`storage.done()`);
  return {
    partitions: partitions.filter((change) => change !== "done" && change !== "busy"),
    kept: kept.count,
    expired: expired.count,
  };
}

async function changePartitions(system: System): Promise<readonly string[]> {
  const changes: string[] = [];
  while (changes.length < PARTITIONS && changes.at(-1) !== "done" && changes.at(-1) !== "busy") {
    changes.push(await ask<string>(system, sql`storage.maintain()`));
  }
  return changes;
}

async function inBatches(
  work: () => Promise<number>,
): Promise<{ readonly count: number; readonly isAll: boolean }> {
  let count = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const done = await work();
    count += done;
    if (done === 0) return { count, isAll: true };
  }
  return { count, isAll: false };
}

async function ask<T>(system: System, call: ReturnType<typeof sql>): Promise<T> {
  return system.transaction(async (trx) => {
    const { rows } = await sql<{ answer: T }>`select ${call} as answer`.execute(trx);
    const [row] = rows;
    if (!row) throw new Error("A function gave no row.");
    return row.answer;
  });
}
