// A production deployment in a network that has loopback alone, and what becomes of it, as JSON on the last line: node tests/support/own-server-process.ts <empty folder>
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { openConfig } from "#/local/config.ts";
import { startNeon } from "#/local/neon/serve.ts";
import { startOpenai } from "#/local/openai/serve.ts";
import { Api } from "#/local/seed/api.ts";
import { chromiumPath, launchBrowser, openVisit } from "#/tests/support/browser.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { ADMIN, OwnServer, untilDone } from "#/tests/support/own-server.ts";
import { startProxy } from "#/tests/support/proxy.ts";
import { startRedisServer } from "#/tests/support/redis-server.ts";

const folder = process.argv[2] ?? "";
const home = path.join(folder, "home");
const outside = path.join(folder, "outside-calls");
writeFileSync(outside, "");
execFileSync("ip", ["link", "set", "lo", "up"]);
const reachesOthers = await fetch("http://192.0.2.1", { signal: AbortSignal.timeout(2_000) }).then(
  () => true,
  (error: Error) => error.name === "TimeoutError",
);

// The operator's own: a PostgreSQL, a Redis, a model, a proxy.
const { secrets } = await openConfig(home);
const neon = await startNeon({
  port: 0,
  engine: { kind: "pglite", dataDir: undefined },
  passwords: { owner: secrets.ownerPassword, runtime: secrets.runtimePassword },
});
const redis = await startRedisServer();
const model = await startOpenai({ port: 0, apiKey: "own-key" });
const [front, app, identity] = [await freePort(), await freePort(), await freePort()];
const proxy = await startProxy(front, { app, identity });
const env = {
  ...process.env,
  CAIRN_HOME: home,
  APP_URL: `http://localhost:${front}`,
  PORT: String(app),
  CAIRN_IDENTITY_PORT: String(identity),
  WEB_CONCURRENCY: "2",
  DATABASE_URL: `postgres://cairn_owner:${secrets.ownerPassword}@127.0.0.1:${neon.port}/cairn`,
  REDIS_URL: redis.url,
  LLM_BASE_URL: `http://127.0.0.1:${model.port}/v1`,
  LLM_API_KEY: "own-key",
  LLM_MODEL: "local-extractive-1",
  EMBEDDING_MODEL: "local-hash-1024",
  EMBEDDING_DIMENSIONS: "1024",
  OUTSIDE_CALLS_FILE: outside,
  NODE_OPTIONS: `--import=${path.join(import.meta.dirname, "note-outside-calls.ts")}`,
};

// Who calls outside is seen.
await promisify(execFile)(process.execPath, ["-e", "fetch('http://192.0.2.1').catch(() => {})"], { env });
const seen = readFileSync(outside, "utf8");
writeFileSync(outside, "");
const server = new OwnServer(env);
try {
  await server.whenSaid("Cairn is ready");
  const found = await useIt();
  const supervised = await disturbIt();
  const file = path.join(folder, "own.backup");
  const { stdout: backup } = await promisify(execFile)(process.execPath, ["local/backup.ts", file], { env });
  const code = await server.stop();
  report({
    reachesOthers,
    seen,
    ...found,
    ...supervised,
    backup,
    code,
    calls: readFileSync(outside, "utf8"),
  });
} catch (error) {
  await server.stop();
  report({ error: error instanceof Error ? error.message : String(error) });
}
await Promise.all([neon.stop(), redis.stop(), model.stop()]);
proxy.closeAllConnections();
proxy.close();

function report(result: object): void {
  console.log(JSON.stringify({ ...result, said: server.said }));
}

/** A document, a workflow with a model, and a person who signs in in a browser. */
async function useIt() {
  const api = new Api(env.APP_URL, await server.makeKey());
  const { id: document } = await api.post<{ id: string }>("/api/v1/documents", {
    name: "facts.md",
    text: "# Cairns\nA cairn is a pile of stones that marks a path.",
  });
  await untilDone(async () =>
    requireThat((await api.get<{ status: string }>(`/api/v1/documents/${document}`)).status === "ready"),
  );
  const definition = {
    format: "cairn/v1",
    name: "Own model",
    kind: "graph",
    steps: {
      find: { type: "search", query: "What is a cairn?" },
      ask: { type: "llm", prompt: "What is a cairn? {{ state.find }}" },
    },
    edges: [
      { from: "start", to: "find" },
      { from: "find", to: "ask" },
      { from: "ask", to: "end" },
    ],
  };
  const { id: workflow } = await api.post<{ id: string }>("/api/v1/workflows", {
    name: "Own model",
    definition,
  });
  await api.post(`/api/v1/workflows/${workflow}/versions`, {});
  const { id: run } = await api.post<{ id: string }>(`/api/v1/workflows/${workflow}/runs`, { input: {} });
  const status = await untilDone(async () => {
    const { status: now } = await api.get<{ status: string }>(`/api/v1/runs/${run}`);
    requireThat(now === "succeeded" || now === "failed");
    return now;
  });
  return {
    status,
    modelCalls: model.requests().length,
    signUp: await signUpAsStranger(),
    signedIn: await signIn(),
  };
}

async function signUpAsStranger(): Promise<number> {
  const body = new URLSearchParams({ email_address: "mallory@example.com", password: "long enough" });
  const headers = { origin: env.APP_URL };
  return (await fetch(`${env.APP_URL}/__clerk/v1/client/sign_ups`, { method: "POST", body, headers })).status;
}

async function signIn(): Promise<string> {
  if (chromiumPath === undefined) return "no Chromium";
  const browser = await launchBrowser();
  try {
    const page = await (await openVisit(browser, { width: 1440, height: 900 })).newPage();
    await page.goto(`${env.APP_URL}/workspace/runs`);
    await page.fill("input[name=identifier]", ADMIN);
    await page.fill("input[name=password]", secrets.userPassword);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Runs" }).waitFor({ timeout: 120_000 });
    return "signed in";
  } finally {
    await browser.close();
  }
}

/** Kills a process of the app, and reloads all of them. */
async function disturbIt() {
  const [first = 0] = listWorkers();
  process.kill(first, "SIGKILL");
  await server.whenSaid("is replaced");
  await untilDone(async () => requireThat(listWorkers().length === 2));
  const before = listWorkers();
  const mark = server.said.length;
  server.signal("SIGHUP");
  await server.whenSaid("database", mark);
  await untilDone(async () =>
    requireThat(listWorkers().length === 2 && listWorkers().every((pid) => !before.includes(pid))),
  );
  const { status, headers } = await fetch(`http://localhost:${app}/api/health`);
  return { health: status, kept: headers.get("keep-alive") };
}

/** The processes of the app, by the program that they run. */
function listWorkers(): readonly number[] {
  const text = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" });
  const lines = text
    .split("\n")
    .filter((line) => line.includes("next-server") || line.includes("web/worker.ts"));
  return lines.map((line) => Number.parseInt(line, 10)).filter((pid) => isOurs(pid));
}

function isOurs(pid: number): boolean {
  const file = `/proc/${pid}/environ`;
  try {
    return existsSync(file) && readFileSync(file, "utf8").includes(`CAIRN_HOME=${home}\0`);
  } catch {
    return false;
  }
}

function requireThat(isSo: boolean): void {
  if (!isSo) throw new Error("not yet");
}
