import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "#/tests/support/eventually.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

let supervisor: ChildProcess;
let said = "";
let base = "";
const agent = new http.Agent({ keepAlive: true });

async function start(graceMs = 20_000, release = process.cwd()): Promise<void> {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  said = "";
  supervisor = spawn(
    process.execPath,
    ["tests/support/workers-process.ts", String(port), "2", String(graceMs)],
    { env: { ...process.env, CAIRN_RELEASE: release } },
  );
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await whenSaid("ready");
}
const whenSaid = (text: string) => eventually(() => (said.includes(text) ? true : undefined));

function get(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get(base + address, { agent }, (response) => {
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
async function stop(): Promise<void> {
  if (supervisor.exitCode !== null) return;
  supervisor.kill("SIGTERM");
  await once(supervisor, "exit");
}
afterEach(stop);

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

test("a reload serves the release that the link points to by then, and goes on with the old one where it does not start", async () => {
  await stop();
  const folder = scratchDirectory();
  const link = path.join(folder, "current");
  const release = (name: string, program: string) => {
    mkdirSync(path.join(folder, name, "tests/support"), { recursive: true });
    writeFileSync(path.join(folder, name, "tests/support/slow-web-process.ts"), program);
    rmSync(link, { force: true });
    symlinkSync(path.join(folder, name), link);
  };
  const answering = (text: string) =>
    `require("node:http").createServer((_, response) => response.end("${text}")).listen(process.argv[2], "127.0.0.1"); process.on("SIGTERM", () => process.exit());`;
  release("1", answering("one"));
  await start(1_000, link);
  expect(await pids()).toEqual(new Set(["one"]));
  release("2", "process.exit(1)");
  supervisor.kill("SIGHUP");
  await whenSaid("the old ones go on serving");
  expect(await pids()).toEqual(new Set(["one"]));
  release("3", answering("three"));
  said = "";
  supervisor.kill("SIGHUP");
  await whenSaid("reloaded");
  expect(await pids()).toEqual(new Set(["three"]));
  await stop();
  rmSync(folder, { recursive: true });
});

test("a stop lets answers under way end, and does not wait for event streams", async () => {
  const stream = await fetch(`${base}/stream`);
  const reader = stream.body!.getReader();
  await reader.read();
  const slow = get("/slow");
  await new Promise((resolve) => void setTimeout(resolve, 1_000));
  const exit = once(supervisor, "exit");
  supervisor.kill("SIGTERM");
  expect(await slow).toBe("done");
  await expect(reader.read()).rejects.toThrow("terminated");
  expect(await exit).toEqual([0, null]);
});

test("what does not end in its time is ended", async () => {
  await stop();
  await start(400);
  const never = get("/never").catch((error: Error) => error.message);
  await new Promise((resolve) => void setTimeout(resolve, 1_000));
  supervisor.kill("SIGTERM");
  await once(supervisor, "exit");
  expect(await never).toMatch(/hang up|ECONNRESET/);
  expect(said).toContain("has work left after 0.4 s");
});
