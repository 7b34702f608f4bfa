import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { freePort } from "#/tests/support/free-port.ts";
import { findApp, findInspectorOf } from "./app-processes.ts";
import { attachToApp } from "./attach.ts";
import { type Call, cpuCalls, heapCalls } from "./call-tree.ts";
import { flamePage } from "./flame-page.ts";
import { tellHottest } from "./hottest.ts";
import { frameNames } from "./name-frames.ts";
import { ProfileProblem } from "./problem.ts";
import { record, within } from "./record.ts";
import { bundleSources, indexSources } from "./source-index.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const home = mkdtempSync(path.join(os.tmpdir(), "cairn-profile-test-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const index = indexSources(ROOT);
const MS = { what: "CPU", show: (ms: number) => `${ms} ms` } as const;

/** A process that is called as the app is, and that burns when it is asked. */
const APP = `
process.title = "next-server";
function burnThePan(n) { return n < 2 ? n : burnThePan(n - 1) + burnThePan(n - 2); }
const server = require("node:http").createServer((_, answer) => { const kept = Array.from({ length: 2000 }, (_, i) => "row " + i); answer.end(String(burnThePan(29) + kept.length)); });
server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));
`;

async function startApp(): Promise<{ readonly url: string; readonly stop: () => void }> {
  mkdirSync(path.join(home, "logs"), { recursive: true });
  const log = path.join(home, "logs/app.log");
  const to = openSync(log, "a");
  const child = spawn(process.execPath, ["--inspect-port=127.0.0.1:0", "-e", APP], {
    stdio: ["ignore", to, to],
  });
  writeFileSync(path.join(home, "logs/app.pid"), String(child.pid));
  const port = await vi.waitUntil(() => /port (\d+)/.exec(readFileSync(log, "utf8"))?.[1], {
    timeout: 60_000,
  });
  return { url: `http://127.0.0.1:${port}/`, stop: () => child.kill() };
}

test("a process that runs is attached to by its number, its hottest function is found, and its inspector is closed again", async () => {
  const app = await startApp();
  const { posts, detach } = await attachToApp(home);
  const ask = async () => void (await (await fetch(app.url)).text());
  const { cpu, heap, rounds } = await record(posts, { once: ask, seconds: 1, maxRounds: 1_000 });
  await detach();
  const name = frameNames(ROOT, index);
  const calls = cpuCalls(cpu, name);
  expect(rounds.cpu).toBeGreaterThan(0);
  expect(totalOf(calls, "burnThePan")).toBeGreaterThan(calls.total / 5);
  expect(heapCalls(heap, name).total).toBeGreaterThan(100_000);
  const log = path.join(home, "logs/app.log");
  const [, inspector = ""] = /Debugger listening on ws:\/\/([^/]+)/.exec(readFileSync(log, "utf8")) ?? [];
  await vi.waitFor(() => expect(fetch(`http://${inspector}/json`)).rejects.toThrow("fetch failed"), {
    timeout: 60_000,
  });
  app.stop();
});

test.skipIf(process.platform !== "linux")(
  "all processes of a production start are profiled as one, whoever of them is asked, and their inspectors are closed again",
  async () => {
    const release = path.join(home, "release");
    const port = await freePort();
    mkdirSync(path.join(release, "local/web"), { recursive: true });
    mkdirSync(path.join(home, "logs"), { recursive: true });
    writeFileSync(path.join(release, "package.json"), "{}");
    writeFileSync(
      path.join(release, "local/web/worker.ts"),
      APP.replace("listen(0,", "listen(Number(process.argv[2]),"),
    );
    const child = spawn(process.execPath, ["local/web.ts", String(port), "2"], {
      cwd: ROOT,
      env: { ...process.env, CAIRN_RELEASE: release },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    writeFileSync(path.join(home, "logs/app.pid"), String(child.pid));
    await once(child, "message");
    const { posts, detach } = await attachToApp(home);
    // A connection each, so that both are asked.
    const headers = { connection: "close" };
    const ask = async () => void (await (await fetch(`http://127.0.0.1:${port}/`, { headers })).text());
    const { cpu, heap } = await record(posts, { once: ask, seconds: 1, maxRounds: 1_000 });
    const opened = findApp(home).pids.map((pid) => findInspectorOf(pid));
    const inspectors = (await Promise.all(opened)).map((url) => new URL(url).host);
    await detach();
    const name = frameNames(ROOT, index);
    expect(new Set(inspectors).size).toBe(2);
    expect(totalOf(cpuCalls(cpu, name), "burnThePan")).toBeGreaterThan(cpuCalls(cpu, name).total / 5);
    expect(heapCalls(heap, name).total).toBeGreaterThan(100_000);
    for (const inspector of inspectors)
      await vi.waitFor(() => expect(fetch(`http://${inspector}/json`)).rejects.toThrow("fetch failed"), {
        timeout: 60_000,
      });
    child.kill();
    await once(child, "exit");
  },
);

test("nobody is sent the signal who is not the app", async () => {
  mkdirSync(path.join(home, "logs"), { recursive: true });
  const stranger = spawn("sleep", ["60"]);
  writeFileSync(path.join(home, "logs/app.pid"), String(stranger.pid));
  await expect(attachToApp(home)).rejects.toThrow(ProfileProblem);
  expect(stranger.exitCode).toBe(null);
  stranger.kill();
});

test("what hangs ends in time, and says so", async () => {
  await expect(within(0.05, new Promise(() => undefined), "The profile")).rejects.toThrow(
    "The profile took longer than 0.05 s.",
  );
});

test("a module of a bundle is known by what it declares, and a package's is not taken for ours", () => {
  const bundle = [
    "module.exports = [",
    "1, ((__turbopack_context__) => {",
    "async function advanceRun(runner) {",
    "}",
    "async function runSupersteps(work) {",
    "}",
    "}),",
    "2, ((__turbopack_context__) => {",
    "function tick() {",
    "}",
    "function somethingOfAPackage() {",
    "}",
    "function anotherOfIt() {",
    "}",
    "// MERGED MODULE: [project]/lib/id.ts [app-route] (ecmascript)",
    "const newId = 1;",
  ].join("\n");
  const fileAt = bundleSources(bundle, index);
  expect([fileAt(3), fileAt(9), fileAt(15), fileAt(0)]).toEqual([
    "agents/runner/advance.ts",
    undefined,
    "lib/id.ts",
    undefined,
  ]);
  const line = index.lineOf("agents/runner/advance.ts", "advanceRun") ?? 0;
  expect(readFileSync(path.join(ROOT, "agents/runner/advance.ts"), "utf8").split("\n")[line - 1]).toContain(
    "function advanceRun",
  );
});

test("frames are ours, a package's, Node's or the collector's", () => {
  const name = frameNames(ROOT, index);
  const owner = (url: string, functionName = "f") => name({ url, functionName, lineNumber: 4 });
  expect(owner(`file://${ROOT}/lib/id.ts`)).toMatchObject({ owner: "ours", place: "lib/id.ts:5" });
  expect(owner(`file://${ROOT}/node_modules/@langchain/core/dist/a.js`)).toMatchObject({
    owner: "dependency",
    place: "@langchain/core",
  });
  expect(owner("node:internal/timers")).toMatchObject({ owner: "node" });
  expect(owner("", "(garbage collector)")).toMatchObject({ owner: "collector" });
});

const call = (name: string, owner: Call["owner"], rest: Partial<Call>): Call => {
  const children = rest.children ?? [];
  const self = rest.self ?? 0;
  const total = children.reduce((sum, child) => sum + child.total, self);
  return { name, place: owner === "ours" ? `lib/${name}.ts:1` : `pkg-${name}`, owner, self, total, children };
};

test("the words name the function of ours that asked for the work, whoever did it", () => {
  const root = call("(root)", "node", {
    children: [
      call("start", "ours", {
        self: 1,
        children: [call("save", "ours", { self: 2, children: [call("encode", "dependency", { self: 6 })] })],
      }),
      call("idle", "node", { self: 1 }),
    ],
  });
  const [whole, first, second] = tellHottest(root, MS);
  expect(whole).toBe(
    "CPU: 10 ms. By whose function was at work: dependencies 60 %, our code 30 %, Node 10 %.",
  );
  expect(first).toBe(
    "1. 80 % (8 ms) save in lib/save.ts:1, called by start. Of this: pkg-encode 75 %, itself 25 %.",
  );
  expect(second).toContain("2. 10 % (1 ms) start");
  expect(tellHottest(call("(root)", "node", {}), MS)).toEqual(["CPU: nothing was recorded."]);
});

test("the page loads nothing, and a function's name cannot end its script", () => {
  const root = call("(root)", "node", { children: [call("</script><script>alert(1)", "ours", { self: 1 })] });
  const page = flamePage("<b>", [{ title: "CPU", unit: "ms", words: [], root }]);
  expect(page).not.toMatch(/src=|href=|<b>|<\/script><script>alert/);
  expect(page).toContain("default-src 'none'");
});

test("it says what to do where nothing runs, and what it takes", () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["scripts/profile.ts", ...args], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, CAIRN_HOME: path.join(home, "none") },
    });
  expect(run().stderr).toContain("npm run profile -- <run id>");
  expect(run("--seconds", "900", "/x").stderr).toContain("from 1 to 120");
  expect(run("/api/v1/runs")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("Start one with npm start"),
  });
});

/** V8 tells of a function once for each way in which it was called. */
function totalOf(from: Call, name: string): number {
  if (from.name === name) return from.total;
  return from.children.reduce((sum, child) => sum + totalOf(child, name), 0);
}
