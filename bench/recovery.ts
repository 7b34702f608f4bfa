// How long a run stands still when the process that works on it is killed, or when nobody is told about it.
import { setTimeout as sleep } from "node:timers/promises";
import type { Bar } from "#/bench/bars-table.ts";
import type { Deployed } from "#/bench/deployed.ts";
import { percentiles } from "#/bench/percentiles.ts";
import type { Router } from "#/bench/router.ts";
import type { Tenant } from "#/db/client.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { freePort } from "#/tests/support/free-port.ts";
import type { Killable } from "#/tests/support/killable.ts";
import { publish } from "#/tests/support/publish.ts";
import type { RecordingModel } from "#/tests/support/recording-model.ts";

const KILLS = 8;
const LOST = 20;
/** The queue loses a message when it would deliver it. */
const LOSING_MS = 50;

const thinking = {
  format: "cairn/v1",
  name: "thinking",
  kind: "graph",
  steps: { think: { type: "llm", prompt: "{{ run.id }}" }, after: { type: "set", values: { value: 1 } } },
  edges: [
    { from: "start", to: "think" },
    { from: "think", to: "after" },
    { from: "after", to: "end" },
  ],
};

interface Instance {
  readonly port: number;
  readonly process: Killable;
}

export interface RecoveryWorld {
  readonly deployed: Deployed;
  readonly router: Router;
  readonly model: RecordingModel;
  readonly tenant: Tenant;
  /** The one that the router sends everything to. */
  readonly instance: Instance;
}

const listQuestions = ({ model }: RecoveryWorld, runId: string) =>
  model.calls.filter(({ prompt }) => prompt === runId).map(({ at }) => at);

/** From the kill until the instance that took over asks the model again. Nobody sweeps: the queue delivers the message once more. */
export async function afterKill(world: RecoveryWorld): Promise<Bar> {
  const { deployed, router, tenant } = world;
  const { workflowId } = await publish(tenant, thinking);
  const port = await freePort();
  const standby: Instance = { port, process: deployed.anotherWeb(port) };
  await standby.process.start();
  const samples: number[] = [];
  for (let index = 0; index < KILLS; index += 1) {
    const [working, next] = index % 2 === 0 ? [world.instance, standby] : [standby, world.instance];
    const runId = await deployed.start(tenant, workflowId);
    await eventually(() => listQuestions(world, runId)[0]);
    router.sendTo(next.port);
    const from = Date.now();
    await working.process.kill();
    await deployed.until(tenant, runId, "succeeded");
    samples.push((listQuestions(world, runId)[1] ?? Number.NaN) - from);
    await working.process.start();
  }
  router.sendTo(world.instance.port);
  await standby.process.kill();
  return {
    what: "kill -9 of the worker in a model call → another instance asks the model again, without the sweeper",
    measured: percentiles(samples),
    bar: "< 1 s",
  };
}

/** From the tick until the first step of a run whose message the queue has lost for good. */
export async function afterLoss(world: RecoveryWorld): Promise<Bar> {
  const { deployed, tenant } = world;
  const { workflowId } = await publish(tenant, thinking);
  const { tick } = await import("#/operations/execution/tick.ts");
  const samples: number[] = [];
  for (let index = 0; index < LOST; index += 1) {
    await deployed.fault({ drop: 1 });
    const runId = await deployed.start(tenant, workflowId);
    await sleep(LOSING_MS);
    await deployed.fault({});
    const from = Date.now();
    await tick(0);
    samples.push((await eventually(() => listQuestions(world, runId)[0])) - from);
    await deployed.until(tenant, runId, "succeeded");
  }
  return {
    what: "wake-up lost for good: tick → first step (the tick comes every 60 s and passes over what was woken in the last 20 s)",
    measured: percentiles(samples),
    bar: "< the period of the sweeper",
  };
}
