import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "#/db/client.ts";
import { startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { expectInvariants } from "#/tests/support/simulation/invariants.ts";
import { POOR, Schedule } from "#/tests/support/simulation/schedule.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

/** One schedule alone: SIMULATION_SEED=123. More of them: SIMULATION_SCHEDULES=100000. */
const ONLY = process.env["SIMULATION_SEED"];
const SCHEDULES = ONLY === undefined ? Number(process.env["SIMULATION_SCHEDULES"] ?? 1000) : 1;
const BASE = ONLY === undefined ? Date.now() % 1_000_000_000 : Number(ONLY);
const AT_ONCE = 8;
const LONGEST_MS = 120_000;
/** A schedule took 0.13 s quiet and 0.3 s on a busy machine; an hour is enough for what npm test plays. */
const ALL_WITHIN_MS = Math.max(3_600_000, SCHEDULES * 1_000);

let database: TestDatabase;
let main: Database;
let poor: Database;
beforeAll(async () => {
  database = await startTestDatabase();
  main = openDatabase(database.runtimeUrl, 2 * AT_ONCE);
  poor = openDatabase(`${database.runtimeUrl}?application_name=${POOR}`, 1);
});
afterAll(async () => {
  await Promise.all([main.close(), poor.close()]);
  await database.stop();
});

async function play(seed: number): Promise<void> {
  const { workspaceId } = await seedWorkspace(database.ownerUrl);
  const schedule = new Schedule(seed, { main, poor }, main.tenant({ workspaceId }));
  const late = setTimeout(
    () => console.error(`Schedule ${seed} hangs.\n${schedule.story}`),
    LONGEST_MS,
  ).unref();
  try {
    await expectInvariants(main, await schedule.run());
  } catch (error) {
    console.error(
      `Schedule ${seed} is wrong. Play it again with SIMULATION_SEED=${seed}.\n${schedule.story}`,
      error,
    );
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** A schedule takes a tenth of a second of work; one that never ends must not hold up the others. */
async function hangs(seed: number): Promise<never> {
  await sleep(LONGEST_MS + 1000, undefined, { ref: false });
  throw new Error(`Schedule ${seed} hangs. Play it again with SIMULATION_SEED=${seed}.`);
}

test(
  `keeps ${SCHEDULES} runs right in as many unlucky worlds (seeds from ${BASE})`,
  async () => {
    const failed: number[] = [];
    let next = 0;
    const player = async () => {
      while (next < SCHEDULES && failed.length < 3) {
        const seed = BASE + next;
        next += 1;
        await Promise.race([play(seed), hangs(seed)]).catch(() => failed.push(seed));
      }
    };
    const from = Date.now();
    await Promise.all(Array.from({ length: AT_ONCE }, player));
    console.log(
      `simulation: ${next} schedules from seed ${BASE} in ${((Date.now() - from) / 1000).toFixed(1)} s`,
    );
    expect(failed).toEqual([]);
  },
  ALL_WITHIN_MS,
);
