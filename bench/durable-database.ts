import { fork } from "node:child_process";
import path from "node:path";
import * as v from "valibot";
import { configureNeon } from "#/db/neon.ts";
import type { TestDatabase } from "#/tests/support/database.ts";
import { makeUrls } from "#/tests/support/database-template.ts";

interface DurableDatabase extends TestDatabase {
  /** The process of its Neon front. */
  readonly pid: number;
}

/** A fresh, migrated database with fsync on, in another process: its work is not measured as ours. */
export async function startDurableDatabase(): Promise<DurableDatabase> {
  const child = fork(path.join(import.meta.dirname, "database-process.ts"), {
    execArgv: ["--conditions=react-server"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(v.parse(v.number(), message)));
    child.once("exit", (code) => reject(new Error(`The database ended with ${code}.`)));
  });
  const urls = makeUrls(port, "cairn");
  configureNeon(urls.ownerUrl);
  return {
    ...urls,
    pid: child.pid ?? 0,
    stop: async () => {
      const gone = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
      child.disconnect();
      await gone;
    },
  };
}
