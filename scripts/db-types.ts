// Writes db/generated.ts from a freshly migrated database, or with --verify checks that it is what such a database gives.
import { spawn } from "node:child_process";
import { startNeon } from "#/local/neon/serve.ts";
import { migrateToLatest } from "#/db/migrate.ts";

const passwords = { owner: "owner", runtime: "runtime" };
const neon = await startNeon({ port: 0, engine: { kind: "pglite", dataDir: undefined }, passwords });
const url = (role: string, password: string) =>
  `postgres://${role}:${password}@127.0.0.1:${neon.port}/cairn?sslmode=disable`;
const ownerUrl = url("cairn_owner", passwords.owner);
await migrateToLatest(ownerUrl, url("app_runtime", passwords.runtime));

const verify = process.argv.includes("--verify") ? ["--verify"] : [];
const args = [
  "--dialect",
  "postgres",
  "--url",
  ownerUrl,
  "--out-file",
  "db/generated.ts",
  "--exclude-pattern",
  "kysely_*",
  ...verify,
];
// Not spawnSync: the database lives in this process and has to answer.
const child = spawn(process.execPath, ["node_modules/kysely-codegen/dist/cli/bin.js", ...args], {
  stdio: "inherit",
});
const code = await new Promise<number | null>((resolve) => void child.once("exit", resolve));
await neon.stop();
process.exit(code ?? 1);
