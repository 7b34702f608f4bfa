// For bench/peers: Cairn as it is deployed. A signed message of the queue, a request to the real route, a claim; every superstep one commit.
// node --conditions=react-server bench/cairn-by-message.ts <ignored> a-run | a-step
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { makeChain } from "#/bench/chain.ts";
import { startDurableDatabase } from "#/bench/durable-database.ts";
import { Ends } from "#/bench/peers/ends.ts";
import { offer, STEPS } from "#/bench/peers/offer.ts";
import { scratchDirectory } from "#/bench/peers/scratch.ts";
import { openDatabase } from "#/db/client.ts";
import { isBuildCurrent } from "#/local/build.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { publish } from "#/tests/support/publish.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

const BUDGET_MS = process.argv[3] === "a-step" ? "0" : "20000";
/** The product delivers 20 messages of one workspace at a time, so that nobody holds up the others. */
const WORKSPACES = 5;
const POOL_SIZE = "4";

const built = isBuildCurrent();
const database = await startDurableDatabase();
const folder = scratchDirectory();
const [webPort, queuePort, kvPort] = [await freePort(), await freePort(), await freePort()];
const environment = {
  APP_URL: `http://localhost:${webPort}`,
  DATABASE_URL: database.runtimeUrl,
  DATABASE_POOL_SIZE: POOL_SIZE,
  QSTASH_URL: `http://127.0.0.1:${queuePort}`,
  KV_REST_API_URL: `http://127.0.0.1:${kvPort}`,
  STEP_BUDGET_MS: BUDGET_MS,
  LOG_LEVEL: "info",
  UPSTASH_DISABLE_TELEMETRY: "1",
  NEXT_TELEMETRY_DISABLED: "1",
};
setEnvironment(environment);

const ends = new Ends<string>();
const Line = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ msg: v.literal("superstep committed"), runId: v.string(), status: v.string() }),
);
const ENDED: ReadonlySet<string> = new Set(["succeeded", "failed", "timed_out", "cancelled"]);

/** The product's own log says when a run has ended: nobody has to ask the database, which would be measured as its work. */
function hear(line: string): void {
  // Nine lines of ten, and reading them would be measured as well.
  if (line.includes('"status":"running"')) return;
  const parsed = v.safeParse(Line, line);
  if (!parsed.success || !ENDED.has(parsed.output.status)) return;
  ends.tell(parsed.output.runId, parsed.output.status);
}

function startWeb(): ChildProcess {
  const args = built
    ? ["node_modules/next/dist/bin/next", "start", "-H", "localhost", "-p", String(webPort)]
    : ["--conditions=react-server", "tests/support/web-process.ts", String(webPort)];
  const web = spawn(process.execPath, args, {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (web.stdout) createInterface({ input: web.stdout }).on("line", hear);
  return web;
}

async function answers(): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const response = await fetch(`${environment.APP_URL}/api/queue/run`, {
      method: "POST",
      body: "{}",
    }).catch(() => undefined);
    if (response?.status === 401) return;
    await sleep(100);
  }
  throw new Error("The web process does not answer.");
}

const qstash = {
  port: queuePort,
  file: path.join(folder, "queue.sqlite"),
  token: "token",
  currentSigningKey: "current",
  nextSigningKey: "next",
};
const queue = fork("tests/support/queue-process.ts", [JSON.stringify(qstash)], { execArgv: [] });
const kv = fork("tests/support/redis-process.ts", [JSON.stringify({ port: kvPort, token: "token" })], {
  execArgv: [],
});
await Promise.all([once(queue, "message"), once(kv, "message")]);
const web = startWeb();
process.once("exit", () => {
  web.kill("SIGKILL");
  queue.kill("SIGKILL");
  kv.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
await answers();

const { launchRun } = await import("#/operations/runs/launch.ts");
const db = openDatabase(database.runtimeUrl, Number(POOL_SIZE));
const definition = makeChain(STEPS);
const workflows = await Promise.all(
  Array.from({ length: WORKSPACES }, async () => {
    const tenant = db.tenant({ workspaceId: (await seedWorkspace(database.ownerUrl)).workspaceId });
    return { tenant, workflowId: (await publish(tenant, definition)).workflowId };
  }),
);
let started = 0;

async function run(): Promise<void> {
  started += 1;
  const workflow = workflows[started % WORKSPACES];
  if (!workflow) throw new Error("There is no workspace.");
  const answer = await launchRun(workflow.tenant, {
    workflowId: workflow.workflowId,
    input: {},
    trigger: { kind: "api" },
  });
  if (!answer.ok) throw new Error(`The run was not started: ${answer.reason}.`);
  const status = await ends.of(answer.runId);
  if (status !== "succeeded") throw new Error(`The run has ${status}.`);
}

const server = built
  ? "next start"
  : "the route behind a plain HTTP server, because there is no build of these files";
offer({
  version: `${server}, local queue and KV, budget ${BUDGET_MS} ms, ${WORKSPACES} workspaces`,
  run,
  standIns: [database.pid, queue.pid ?? 0, kv.pid ?? 0],
});
