// A database as a deployment has it, in a process of its own: PostgreSQL that waits for the disk, behind its Neon front.
import path from "node:path";
import { rmSync } from "node:fs";
import { startNeon } from "#/local/neon/serve.ts";
import { copyOfTemplate, PASSWORDS } from "#/tests/support/database-template.ts";

const directory = await copyOfTemplate("postgres");
const neon = await startNeon({ port: 0, engine: { kind: "postgres", dataDir: path.join(directory, "data") }, passwords: PASSWORDS });
process.send?.(neon.port);
process.on("disconnect", () => {
  void neon.stop().then(() => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(0);
  });
});
