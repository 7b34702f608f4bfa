// A database as a deployment has it, in a process of its own: PostgreSQL that waits for the disk, behind its Neon front.
// With BENCH_POSTGRES_URL it is that one, for comparisons; else the embedded one.
import { rmSync } from "node:fs";
import path from "node:path";
import { migrateToLatest } from "#/db/migrate.ts";
import { type Engine, startNeon } from "#/local/neon/serve.ts";
import { copyOfTemplate, PASSWORDS, makeUrls } from "#/tests/support/database-template.ts";

const url = process.env["BENCH_POSTGRES_URL"];
const directory = url === undefined ? await copyOfTemplate("postgres") : undefined;
const engine: Engine =
  url === undefined
    ? { kind: "postgres", dataDir: path.join(directory ?? "", "data") }
    : { kind: "url", url };
const neon = await startNeon({ port: 0, engine, passwords: PASSWORDS });
const { ownerUrl, runtimeUrl } = makeUrls(neon.port, "cairn");
await migrateToLatest(ownerUrl, runtimeUrl);
process.send?.(neon.port);
process.on("disconnect", () => {
  void neon.stop().then(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    process.exit(0);
  });
});
