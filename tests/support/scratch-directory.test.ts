import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { removeLeftBehind, SCRATCH, scratchDirectory } from "#/tests/support/scratch-directory.ts";

/** A directory as a test process would have left it. */
function makeDirectory(processId: number): string {
  return mkdtempSync(path.join(SCRATCH, `cairn-test-run-${processId}-`));
}

test("what a killed test process has left is removed, what living ones use stays", async () => {
  const doomed = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const left = makeDirectory(Number(doomed.pid));
  mkdirSync(path.join(left, "data"));
  await removeLeftBehind();
  expect(existsSync(left)).toBe(true);
  doomed.kill("SIGKILL");
  await once(doomed, "exit");
  const mine = scratchDirectory();
  await removeLeftBehind();
  expect([existsSync(left), existsSync(mine)]).toEqual([false, true]);
  rmSync(mine, { recursive: true });
});
