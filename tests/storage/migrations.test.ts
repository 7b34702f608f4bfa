import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { migrateDown, migrateToLatest } from "#/db/migrate.ts";
import { startTestDatabase } from "#/tests/support/database.ts";
import { readRows } from "#/tests/support/owner.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

test("every migration can be taken back and applied again", async () => {
  const database = await startTestDatabase("pglite");
  const undone = await migrateDown(database.ownerUrl);
  expect(undone.length).toBeGreaterThan(3);
  const { migrations } = await migrateToLatest(database.ownerUrl, database.runtimeUrl);
  expect(migrations).toEqual(undone.toReversed());
  await database.stop();
});

test("shared questions about budgets are not taken back while runs wait for another run's answer", async () => {
  const database = await startTestDatabase();
  const { workspaceId } = await seedWorkspace(database.ownerUrl);
  const run = randomUUID();
  const ask = (statement: string) => readRows(database.ownerUrl, statement, [workspaceId, run]);
  await ask(
    "insert into agent_sessions (workspace_id, id, agent_type, status, waiting_on) values ($1, $2, 'graph', 'waiting', 'approval')",
  );
  await ask(
    "insert into waits (workspace_id, run_id, id, kind, step, budget) values ($1, $2, 'w', 'approval', 's', 'workspace:maxCostUsd')",
  );
  const takeBack = () => migrateDown(database.ownerUrl, "0068_budget_questions");
  await expect(takeBack()).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/1 runs? wait.*Answer or cancel/s) },
  });
  await ask("update waits set status = 'resolved' where workspace_id = $1 and run_id = $2");
  expect(await takeBack()).toContain("0068_budget_questions");
  await database.stop();
});
