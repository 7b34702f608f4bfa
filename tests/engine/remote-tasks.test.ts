import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { advanceRun } from "#/agents/runner/advance.ts";
import { insertFork } from "#/db/forks.ts";
import { storeCancel } from "#/db/run-lifecycle.ts";
import { dyingAt } from "#/tests/support/dying.ts";
import {
  listedTool,
  lists,
  type McpEngine,
  oneStep,
  openMcpEngine,
  toolStep,
} from "#/tests/support/mcp-engine.ts";

let world: McpEngine;
beforeAll(async () => void (world = await openMcpEngine()));
afterAll(() => world.close());
beforeEach(() => {
  world.standIn.desk.reports.clear();
  world.hostile.heard.splice(0);
});

const report = { type: "tool", tool: "desk__sales_report", input: { seconds: 600 } };
const working = (runId: string) => world.engine.rows("remote_tasks", runId);
/** Of the desk's reports, in the order in which they were begun. */
const areCancelled = () => [...world.standIn.desk.reports.values()].map(({ cancelled }) => cancelled);

async function begin(definition: object = oneStep(report)): Promise<string> {
  const runId = await world.run(definition);
  expect(areCancelled()).toEqual([false]);
  return runId;
}

async function cancel(runId: string): Promise<void> {
  const { tenant, queued } = world.engine;
  const { workspaceId } = tenant;
  const cancelled = await storeCancel(tenant, runId, "Enough.");
  if (cancelled.kind !== "done") throw new Error(cancelled.kind);
  for (const owed of cancelled.owed) queued.push({ workspaceId, ...owed });
}

/** What the tick does. */
async function endRemoteTasks(workspaceId?: string): Promise<void> {
  const operation = await import("#/operations/mcp-servers/end-tasks.ts");
  await operation.endRemoteTasks(world.engine.db, workspaceId);
}

/** A cancelled run whose server has one task, at work until it is told otherwise; the wake-up that is owed is lost. */
async function cancelledAt(name: string): Promise<string> {
  let status = "working";
  world.hostile.behave = lists([listedTool("a")], ({ message, answer }) => {
    if (message.method === "tasks/cancel") status = "cancelled";
    const resultType = message.method === "tools/call" ? "task" : "complete";
    return answer({ resultType, content: [], taskId: "t1", status });
  });
  await world.choose(name, world.hostile.url, { a: "read" });
  const runId = await world.run(toolStep(`${name}__a`, {}));
  expect(await working(runId)).toMatchObject([{ task_id: "t1", attempts: 0 }]);
  await cancel(runId);
  world.engine.queued.splice(0);
  world.hostile.heard.splice(0);
  return runId;
}
const laterOn = () => world.engine.owner("update remote_tasks set due_at = now()");

test("a task of a server is cancelled there when somebody cancels its run", async () => {
  const runId = await begin();
  expect(await working(runId)).toHaveLength(1);
  await cancel(runId);
  expect(areCancelled()).toEqual([false]);
  await world.engine.settle();
  expect(areCancelled()).toEqual([true]);
  expect(await working(runId)).toEqual([]);
});

test("it is cancelled when the time of its run is over", async () => {
  const runId = await begin();
  await world.engine.owner(
    `update agent_sessions set deadline_at = now(), due_at = now() where id = '${runId}'`,
  );
  await world.engine.deliver(runId);
  await world.engine.settle();
  expect(await world.engine.run(runId)).toMatchObject({ status: "timed_out" });
  expect(areCancelled()).toEqual([true]);
});

test("it is cancelled when what is beside it ends the run", async () => {
  const runId = await begin({
    ...oneStep(report),
    steps: { ask: report, gate: { type: "approval", title: "Go on?" } },
    edges: [
      { from: "start", to: "ask" },
      { from: "start", to: "gate" },
      { from: ["ask", "gate"], to: "end" },
    ],
  });
  await world.decide(runId, "reject");
  expect(await world.engine.run(runId)).toMatchObject({ status: "cancelled" });
  expect(areCancelled()).toEqual([true]);
});

test("it is cancelled when it takes longer than its step may, which fails and says so", async () => {
  const runId = await begin(oneStep({ ...report, timeout: "3s" }));
  for (let looks = 0; looks < 5 && !areCancelled()[0]; looks += 1) await world.passTime(runId);
  expect(areCancelled()).toEqual([true]);
  expect(await world.engine.run(runId)).toMatchObject({
    status: "failed",
    error: { code: "tool-timeout", message: expect.stringContaining("Raise `timeout`") },
  });
});

test("it is cancelled with the run that has started its run", async () => {
  const runId = await begin(
    oneStep({
      type: "map",
      items: [1],
      timeout: "1h",
      do: {
        steps: { report, next: { ...report } },
        edges: [
          { from: "start", to: "report" },
          { from: "report", to: "next" },
          { from: "next", to: "end" },
        ],
      },
    }),
  );
  await cancel(runId);
  await world.engine.settle();
  expect(areCancelled()).toEqual([true]);
});

test("it is the run's no more once the server has told its end, and nothing is cancelled", async () => {
  const runId = await world.run(toolStep("desk__sales_report", { seconds: 0.3 }));
  expect(await working(runId)).toHaveLength(1);
  await sleep(400);
  await world.passTime(runId);
  expect(await world.engine.run(runId)).toMatchObject({ status: "succeeded" });
  expect(await working(runId)).toEqual([]);
  expect(areCancelled()).toEqual([false]);
});

test("the tick tells the server when the wake-up was lost, and later again while the server is away", async () => {
  const runId = await cancelledAt("away");
  const { behave } = world.hostile;
  world.hostile.behave = ({ response }) => response.destroy();
  await endRemoteTasks();
  expect(await working(runId)).toMatchObject([{ attempts: 1 }]);
  await endRemoteTasks();
  expect(world.hostile.heard).toEqual(["tasks/cancel"]);
  world.hostile.behave = behave;
  await laterOn();
  await endRemoteTasks();
  expect(world.hostile.heard).toEqual(["tasks/cancel", "tasks/get", "tasks/cancel"]);
  expect(await working(runId)).toEqual([]);
});

test("a server is not told twice when whoever told it died before that was noted", async () => {
  const runId = await cancelledAt("died");
  const { owner } = world.engine;
  await owner("create function forbid() returns trigger language plpgsql as $$begin raise 'died'; end$$");
  await owner("create trigger forbid before delete on remote_tasks for each row execute function forbid()");
  await expect(endRemoteTasks()).rejects.toThrow("died");
  await owner("drop trigger forbid on remote_tasks");
  await laterOn();
  await endRemoteTasks();
  expect(world.hostile.heard).toEqual(["tasks/cancel", "tasks/get"]);
  expect(await working(runId)).toEqual([]);
});

test("of several that would tell a server at the same moment one does", async () => {
  const runId = await cancelledAt("crowd");
  await Promise.all([endRemoteTasks(), endRemoteTasks(world.engine.tenant.workspaceId), endRemoteTasks()]);
  expect(world.hostile.heard).toEqual(["tasks/cancel"]);
  expect(await working(runId)).toEqual([]);
});

test("a server that stays away is given up, and one whose connection was removed is not asked", async () => {
  const [away, removed] = [await cancelledAt("stays"), await cancelledAt("removed")];
  world.hostile.behave = ({ response }) => response.destroy();
  await world.engine.owner("delete from connections where name = 'removed'");
  await world.engine.owner("update remote_tasks set attempts = 14");
  await endRemoteTasks();
  expect(world.hostile.heard).toEqual(["tasks/get"]);
  expect([...(await working(away)), ...(await working(removed))]).toEqual([]);
});

test("a retry of the run begins a task of its own, once the old one is found to be cancelled", async () => {
  const first = await begin();
  await cancel(first);
  await world.engine.settle();
  const retry = { superstep: null, fresh: false, state: {}, reuses: true, trigger: { kind: "retry" } };
  const forked = await insertFork(world.engine.tenant, { id: randomUUID(), origin: first, ...retry });
  if ("refused" in forked) throw new Error(forked.refused);
  await world.engine.deliver(forked.runId);
  for (let looks = 0; looks < 3; looks += 1) await world.passTime(forked.runId);
  expect(areCancelled()).toEqual([true, false]);
  expect(await working(forked.runId)).toHaveLength(1);
  await cancel(forked.runId);
  await world.engine.settle();
  expect(areCancelled()).toEqual([true, true]);
});

test("killed at every await, a run that is cancelled leaves no task behind", async () => {
  for (let point = 0, isOver = false; !isOver; point += 1) {
    world.standIn.desk.reports.clear();
    const mortal = dyingAt(world.engine.runner, point);
    const runId = await world.engine.start(oneStep(report));
    world.engine.queued.splice(0);
    const ref = { workspaceId: world.engine.tenant.workspaceId, runId };
    await advanceRun(mortal.runner, ref, { messageId: "m", retried: 0 }).catch(() => undefined);
    if (mortal.hasDied()) await world.engine.deliver(runId, { messageId: "m", retried: 1 });
    world.engine.queued.splice(0);
    expect({ point, begun: areCancelled().length }).not.toEqual({ point, begun: 0 });
    await cancel(runId);
    await world.engine.settle();
    await endRemoteTasks();
    expect({ point, working: areCancelled().filter((is) => !is) }).toEqual({ point, working: [] });
    expect(await working(runId)).toEqual([]);
    isOver = !mortal.hasEverDied();
  }
});
