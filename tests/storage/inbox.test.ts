import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase, type Tenant } from "#/db/client.ts";
import { listInbox } from "#/db/inbox.ts";
import { decodeCursor } from "#/lib/cursor.ts";
import { describeOnEachEngine, startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

const HOUR_MS = 3_600_000;
/** Few moments, so that many share one. */
const hours = fc.nat({ max: 12 });

const arbitraryQuestion = fc.record({
  isOpen: fc.boolean(),
  askedHoursAgo: hours,
  dueInHours: fc.option(hours, { nil: null }),
});
const arbitraryRun = fc.record({
  status: fc.constantFrom("failed", "timed_out", "succeeded", "cancelled"),
  endedHoursAgo: fc.oneof(hours, fc.constantFrom(7 * 24 - 1, 7 * 24 + 1)),
  isDismissed: fc.boolean(),
  isTry: fc.boolean(),
  isRetried: fc.boolean(),
  isChild: fc.boolean(),
  isReading: fc.boolean(),
});
interface Question {
  readonly id: string;
  readonly isOpen: boolean;
  readonly askedHoursAgo: number;
  readonly dueInHours: number | null;
}
interface Run {
  readonly id: string;
  readonly status: string;
  readonly endedHoursAgo: number;
  readonly isDismissed: boolean;
  readonly isTry: boolean;
  readonly isRetried: boolean;
  readonly isChild: boolean;
  /** Of a document. */
  readonly isReading: boolean;
}

const withId = <T extends object>(it: T) => Object.assign({}, it, { id: randomUUID() });

/** What waits, in the order in which people are shown it. */
function listExpected(questions: readonly Question[], runs: readonly Run[]): readonly string[] {
  const asked = questions
    .filter(({ isOpen }) => isOpen)
    .map(({ id, askedHoursAgo, dueInHours }) => ({ id, due: dueInHours, ago: askedHoursAgo }));
  const failed = runs
    .filter(({ status }) => status === "failed" || status === "timed_out")
    .filter((run) => !run.isDismissed && !run.isTry && !run.isRetried && !run.isChild && !run.isReading)
    .filter(({ endedHoursAgo }) => endedHoursAgo < 7 * 24)
    .map(({ id, endedHoursAgo }) => ({ id, due: null, ago: endedHoursAgo }));
  return [...asked, ...failed]
    .toSorted(
      (a, b) =>
        Number(a.due === null) - Number(b.due === null) ||
        (a.due ?? a.ago) - (b.due ?? b.ago) ||
        (a.id < b.id ? -1 : 1),
    )
    .map(({ id }) => id);
}

async function readAll(tenant: Tenant, limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listInbox>> = await listInbox(tenant, {
      limit,
      cursor: cursor === null ? undefined : decodeCursor(cursor),
    });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

describeOnEachEngine("the inbox", (kind) => {
  let database: TestDatabase;
  let db: Database;
  let owner: Client;
  beforeAll(async () => {
    database = await startTestDatabase(kind);
    db = openDatabase(database.runtimeUrl, 2);
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await db.close();
    await database.stop();
  });

  async function store(workspaceId: string, questions: readonly Question[], runs: readonly Run[]) {
    const [now, root] = [Date.now(), randomUUID()];
    const at = (hoursFromNow: number) => new Date(now + hoursFromNow * HOUR_MS).toISOString();
    const insertRun = (values: Readonly<Record<string, unknown>>) =>
      owner.query(
        `insert into agent_sessions (workspace_id, id, agent_type, status, finished_at, dismissed_at, is_try, parent_id, forked_from)
         select $1, id, coalesce(agent_type, 'graph'), status, finished_at, dismissed_at, coalesce(is_try, false), parent_id, forked_from
         from jsonb_populate_record(null::agent_sessions, $2::jsonb)`,
        [workspaceId, JSON.stringify(values)],
      );
    await insertRun({ id: root, status: "queued" });
    for (const { id, status, endedHoursAgo, ...run } of runs) {
      await insertRun({
        id,
        status,
        finished_at: at(-endedHoursAgo),
        dismissed_at: run.isDismissed ? at(0) : null,
        is_try: run.isTry,
        parent_id: run.isChild ? root : null,
        agent_type: run.isReading ? "ingest" : "graph",
      });
      if (run.isRetried) await insertRun({ id: randomUUID(), status: "queued", forked_from: id });
    }
    for (const { id, isOpen, askedHoursAgo, dueInHours } of questions)
      await owner.query(
        `insert into approvals (workspace_id, id, run_id, wait_id, step, title, actions, status, requested_at, due_at)
         values ($1, $2, $3, $4, 's', 't', '{approve}', $5, $6, $7)`,
        [
          workspaceId,
          id,
          root,
          id,
          isOpen ? "open" : "decided",
          at(-askedHoursAgo),
          dueInHours === null ? null : at(dueInHours),
        ],
      );
  }

  test("has every open question and every failure of the week that nobody has dealt with, in one order over all pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryQuestion, { maxLength: 12 }),
        fc.array(arbitraryRun, { maxLength: 20 }),
        fc.integer({ min: 1, max: 8 }),
        async (someQuestions, someRuns, limit) => {
          const [questions, runs] = [someQuestions.map(withId), someRuns.map(withId)];
          const { workspaceId } = await seedWorkspace(database.ownerUrl);
          await store(workspaceId, questions, runs);
          expect(await readAll(db.tenant({ workspaceId }), limit)).toEqual(listExpected(questions, runs));
        },
      ),
      { numRuns: 40 },
    );
  });
});
