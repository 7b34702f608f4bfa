import { expect, test } from "vitest";
import { migrateDown, migrateToLatest } from "#/db/migrate.ts";
import { startTestDatabase } from "#/tests/support/database.ts";

test("every migration can be taken back and applied again", async () => {
  const database = await startTestDatabase("pglite");
  const undone = await migrateDown(database.ownerUrl);
  expect(undone.length).toBeGreaterThan(3);
  const { migrations } = await migrateToLatest(database.ownerUrl, database.runtimeUrl);
  expect(migrations).toEqual(undone.toReversed());
  await database.stop();
});
