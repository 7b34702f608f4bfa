import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect, test, vi } from "vitest";

/** Starts a process as a bench does, and then waits, throws or ends. */
const BENCH = `
import { spawn } from "node:child_process";
import { once } from "node:events";
import { withCleanUp } from ${JSON.stringify(path.join(import.meta.dirname, "clean-up.ts"))};
await withCleanUp(async (started) => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  started.defer(async () => {
    const gone = once(child, "exit");
    child.kill();
    await gone;
  });
  console.log(child.pid);
  if (process.argv[1] === "throws") throw new Error("ECONNRESET");
  if (process.argv[1] === "waits") await new Promise((resolve) => setTimeout(resolve, 3_600_000));
});
`;

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function startBench(how: string) {
  const bench = spawn(process.execPath, ["--input-type=module", "-e", BENCH, how], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(bench, "exit");
  const [line] = (await once(bench.stdout, "data")) as [Buffer];
  return { bench, ended, child: Number(line.toString()) };
}

test.each(["ends", "throws"])("a bench that %s leaves no process behind", async (how) => {
  const { ended, child } = await startBench(how);
  expect((await ended)[0]).toBe(how === "ends" ? 0 : 1);
  await vi.waitFor(() => expect(isAlive(child)).toBe(false), { timeout: 60_000 });
});

test("a bench that is told to end leaves no process behind", async () => {
  const { bench, ended, child } = await startBench("waits");
  bench.kill("SIGTERM");
  expect((await ended)[0]).toBe(1);
  await vi.waitFor(() => expect(isAlive(child)).toBe(false), { timeout: 60_000 });
});
