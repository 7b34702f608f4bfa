import { existsSync } from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { expect, test } from "vitest";
import { archiveOfCluster, placeCluster } from "#/local/cluster/cluster.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

test("a first start finds a prepared cluster for the installed PGlite, and the engine opens it as its own", async () => {
  expect(existsSync(archiveOfCluster()), "run: node scripts/prepare-cluster.ts").toBe(true);
  const dataDir = path.join(scratchDirectory(), "postgres");
  placeCluster(dataDir);
  const engine = await PGlite.create({ dataDir });
  const { rows } = await engine.query<{ datname: string }>("select datname from pg_database order by 1");
  await engine.close();
  expect(rows.map(({ datname }) => datname)).toEqual(["postgres", "template0", "template1"]);
});
