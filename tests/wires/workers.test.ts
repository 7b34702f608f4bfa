import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "#/tests/support/eventually.ts";
import { freePort } from "#/tests/support/free-port.ts";

let supervisor: ChildProcess;
let said = "";
let base = "";
const agent = new http.Agent({ keepAlive: true });

async function start(graceMs = 20_000): Promise<void> {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  said = "";
  supervisor = spawn(process.execPath, [
    "tests/support/workers-process.ts",
    String(port),
    "2",
    String(graceMs),
  ]);
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await whenSaid("ready");
}
const whenSaid = (text: string) => eventually(() => (said.includes(text) ? true : undefined));

function get(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get(base + path, { agent }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.once("end", () => resolve(body));
        response.once("error", reject);
      })
      .once("error", reject);
  });
}
const pids = async () => {
  const seen = new Set<string>();
  // One connection each, so that they meet all processes.
  const fresh = () =>
    fetch(`${base}/pid`, { headers: { connection: "close" } }).then((answer) => answer.text());
  for (let count = 0; count < 12; count += 1) seen.add(await fresh());
  return seen;
};

beforeEach(() => start());
afterEach(async () => {
  if (supervisor.exitCode !== null) return;
  supervisor.kill("SIGTERM");
  await once(supervisor, "exit");
});

test("all processes serve one port, and one that dies is replaced while the others go on", async () => {
  const before = await pids();
  expect(before.size).toBe(2);
  await expect(get("/die")).rejects.toThrow(/hang up|ECONNRESET/);
  expect((await pids()).size).toBe(1);
  await whenSaid("is replaced");
  const after = await eventually(async () => {
    const now = await pids();
    return now.size === 2 ? now : undefined;
  });
  expect([...after].filter((pid) => before.has(pid))).toHaveLength(1);
});

test("a reload replaces all of them, and no request of those that come meanwhile is lost", async () => {
  const before = await pids();
  const over = new AbortController();
  const answered: string[] = [];
  const callers = Array.from({ length: 8 }, async () => {
    while (!over.signal.aborted) answered.push(await get("/pid"));
  });
  const slow = get("/slow");
  supervisor.kill("SIGHUP");
  await whenSaid("reloaded");
  over.abort();
  await Promise.all(callers);
  expect(await slow).toBe("done");
  expect(answered.length).toBeGreaterThan(50);
  expect([...(await pids())].filter((pid) => before.has(pid))).toEqual([]);
});

test("a stop lets answers under way end, and does not wait for event streams", async () => {
  const stream = await fetch(`${base}/stream`);
  const reader = stream.body!.getReader();
  await reader.read();
  const slow = get("/slow");
  await new Promise((resolve) => void setTimeout(resolve, 200));
  const exit = once(supervisor, "exit");
  supervisor.kill("SIGTERM");
  expect(await slow).toBe("done");
  await expect(reader.read()).rejects.toThrow("terminated");
  expect(await exit).toEqual([0, null]);
});

test("what does not end in its time is ended", async () => {
  supervisor.kill("SIGTERM");
  await once(supervisor, "exit");
  await start(400);
  const never = get("/never").catch((error: Error) => error.message);
  await new Promise((resolve) => void setTimeout(resolve, 200));
  supervisor.kill("SIGTERM");
  await once(supervisor, "exit");
  expect(await never).toMatch(/hang up|ECONNRESET/);
  expect(said).toContain("has work left after 0.4 s");
});
