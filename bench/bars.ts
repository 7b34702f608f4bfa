// The bars of waiting and of recovery, on the engine as it is deployed. node --conditions=react-server bench/bars.ts [--write]
import { execFileSync } from "node:child_process";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Bar, barsTable } from "#/bench/bars-table.ts";
import { startDeployed } from "#/bench/deployed.ts";
import { percentiles, timeAll } from "#/bench/percentiles.ts";
import { afterKill, afterLoss } from "#/bench/recovery.ts";
import { keepReport } from "#/bench/report-file.ts";
import { startRouter } from "#/bench/router.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";
import { startRecordingModel } from "#/tests/support/recording-model.ts";
import { set } from "#/tests/support/definitions.ts";

const { values: options } = parseArgs({
  options: { write: { type: "boolean", default: false }, waiting: { type: "string", default: "10000" } },
});
const WAITING = Number(options.waiting);
const DECISIONS = 60;
const TICKS = 50;
/** Long enough for a process to be killed while the model thinks. */
const MODEL_MS = 300;

const graph = (name: string, steps: Record<string, unknown>) => {
  const names = ["start", ...Object.keys(steps), "end"];
  return {
    format: "cairn/v1",
    name,
    kind: "graph",
    steps,
    edges: names.slice(1).map((to, index) => ({ from: names[index], to })),
  };
};
const approval = graph("approval", { ask: { type: "approval", title: "Go on?" }, after: set(1) });
/** Every run waits for a person, and for a time that has not come. */
const patient = graph("patient", {
  ask: { type: "approval", title: "Go on?", timeout: { after: "7d", then: "reject" } },
  after: set(1),
});

const machine = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC. ${os.cpus().length} × ${os.cpus()[0]?.model ?? "processor"}, Node ${process.versions.node}. Load of the machine before the start: ${os
  .loadavg()
  .map((load) => load.toFixed(2))
  .join(" ")}.`;
const router = await startRouter();
const model = await startRecordingModel(MODEL_MS);
const webPort = await freePort();
const deployed = await startDeployed({
  appPort: router.port,
  webPort,
  environment: { LLM_BASE_URL: model.baseUrl, LLM_MODEL: "recorded" },
});
router.sendTo(webPort);
const { answerApproval } = await import("#/operations/approvals/answer.ts");
const { tick } = await import("#/operations/execution/tick.ts");
const tenant = await deployed.newTenant();
const recovery = { deployed, router, model, tenant, instance: { port: webPort, process: deployed.web } };
const bars = [
  await approvalToNextStep(),
  await afterKill(recovery),
  await afterLoss(recovery),
  ...(await manyWaiting()),
];
router.stop();
await deployed.stop();
await model.stop();
keepReport({ name: "bars", text: `${machine}\n\n${barsTable(bars)}`, write: options.write });
process.exit(0);

/** From the call that decides until the step behind the approval begins, as the run's log has it. */
async function approvalToNextStep(): Promise<Bar> {
  const { workflowId } = await publish(tenant, approval);
  const decide = async () => {
    const runId = await deployed.start(tenant, workflowId);
    await deployed.until(tenant, runId, "waiting");
    const [approvals] = await tenant.batch((query) => [
      query.selectFrom("approvals").select("id").where("run_id", "=", runId),
    ]);
    const from = Date.now();
    const decided = await answerApproval(tenant, {
      approvalId: approvals[0]?.id ?? "",
      action: "approve",
      people: [],
      rights: { maySetLimits: async () => true, within: "workspace" },
      by: { kind: "key", id: "bench" },
    });
    if (!decided.ok) throw new Error(`The decision was refused: ${decided.reason}.`);
    await deployed.until(tenant, runId, "succeeded");
    const [logs] = await tenant.batch((query) => [
      query
        .selectFrom("agent_logs")
        .select("started_at")
        .where("session_id", "=", runId)
        .where("step", "=", "after"),
    ]);
    return (logs[0]?.started_at?.getTime() ?? Number.NaN) - from;
  };
  for (let index = 0; index < 10; index += 1) await decide();
  const samples: number[] = [];
  for (let index = 0; index < DECISIONS; index += 1) samples.push(await decide());
  return {
    what: "approval → next step begins (decided by the verb behind API and UI; queue, signature, claim)",
    measured: percentiles(samples),
    bar: "p50 < 50 ms",
  };
}

/** What runs that wait cost: memory of each process, database, and the tick that looks for owed ones. */
async function manyWaiting(): Promise<readonly Bar[]> {
  const { workflowId } = await publish(tenant, patient);
  const analyzed = () => readRows(deployed.ownerUrl, "analyze");
  await timeAll(20, 5, async () => void (await deployed.start(tenant, workflowId)));
  await waitingRuns(20);
  const before = { bytes: await databaseBytes(), tick: await ticks(), memory: await memoryAfterStart() };
  await timeAll(WAITING, 20, async () => void (await deployed.start(tenant, workflowId)));
  await waitingRuns(WAITING);
  await analyzed();
  const bytes = (await databaseBytes()) - before.bytes;
  const memory = await memoryAfterStart();
  const after = await ticks();
  const count = WAITING.toLocaleString("en");
  return [
    {
      what: `tick with ${count} waiting runs, none owed (with 20: ${percentiles(before.tick)})`,
      measured: percentiles(after),
      bar: "< 50 ms",
    },
    {
      what: `memory of web and queue process, started beside ${count} waiting runs, after 5 ticks (with 20: ${before.memory})`,
      measured: memory,
      bar: "as without",
    },
    {
      what: "database bytes of a waiting run (row, checkpoint, wait, approval, indexes)",
      measured: `${(bytes / WAITING / 1024).toFixed(1)} KB`,
      bar: "–",
    },
  ];
}

async function ticks(): Promise<readonly number[]> {
  return timeAll(TICKS, 1, async () => void (await tick()));
}

/** Of processes that have seen nothing but ticks: what they hold for runs that wait would show. */
async function memoryAfterStart(): Promise<string> {
  await Promise.all([deployed.web.crash(), deployed.queue.crash()]);
  for (let index = 0; index < 5; index += 1) await deployed.sendTick();
  await sleep(1000);
  return `${measureMegabytes(deployed.web.pid)} and ${measureMegabytes(deployed.queue.pid)} MB`;
}

async function waitingRuns(atLeast: number): Promise<void> {
  for (;;) {
    const [row] = await readRows(
      deployed.ownerUrl,
      "select count(*)::int as n from agent_sessions where status = 'waiting'",
    );
    if (Number(row?.["n"]) >= atLeast) return;
    await sleep(500);
  }
}

async function databaseBytes(): Promise<number> {
  const [row] = await readRows(
    deployed.ownerUrl,
    "select pg_database_size(current_database())::float8 as bytes",
  );
  return Number(row?.["bytes"]);
}

function measureMegabytes(pid: number | undefined): string {
  return (Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024).toFixed(
    0,
  );
}
