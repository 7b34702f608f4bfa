import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { abandonMove, type Step } from "#/local/move/move-workspace.ts";
import { chain, set } from "#/tests/support/definitions.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { move, type Region, startRegion, withPlaces } from "#/tests/support/regions.ts";
import { query } from "#/tests/support/sql-functions.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

let eu: Region;
let us: Region;
beforeAll(async () => {
  eu = await startRegion("eu");
  us = await startRegion("us");
});
afterAll(async () => {
  await eu.stop();
  await us.stop();
});

/** One workspace as both deployments would run it, with the writes that reach the outside. */
async function openBoth() {
  const { workspaceId } = await seedWorkspace(eu.database.ownerUrl);
  const sent: { readonly by: string; readonly run: string }[] = [];
  const open = (region: Region) =>
    openEngine({
      database: { ...region.database, stop: async () => undefined },
      workspaceId,
      ports: {
        fetch: async ({ url, headers }) => {
          sent.push({ by: region.name, run: headers?.["idempotency-key"]?.slice(0, 36) ?? "" });
          return { url, status: 200, headers: {}, body: "{}" };
        },
      },
    });
  return { workspaceId, sent, here: await open(eu), there: await open(us) };
}

const pay = { type: "http", method: "POST", url: "https://pay.test/charge", body: { amount: 5 } };

/** Whether a deployment takes a change of the workspace at this moment. */
async function accepts({ tenant }: TestEngine, key: string): Promise<boolean> {
  const row = { workspace_id: tenant.workspaceId, namespace: "moments", key, value: "1" };
  try {
    await tenant.transaction(async (trx) => void (await trx.insertInto("store").values(row).execute()));
    return true;
  } catch {
    return false;
  }
}

/** Wakes whatever is owed a wake-up, as the tick does, and delivers it. */
async function work(engine: TestEngine): Promise<void> {
  await engine.sweep();
  await engine.settle();
}

const DEATHS: readonly Step[] = [
  "draining",
  "frozen",
  "vectors",
  "table",
  "rows",
  "compared",
  "switched",
  "arrived",
];

test.each(DEATHS)(
  "a move that dies after “%s” goes on when it is called again: never two deployments work, nothing is lost or done twice",
  async (death) => {
    const { workspaceId, sent, here, there } = await openBoth();
    const done = await here.begin(chain({ a: set(1) }, { output: { a: "{{ state.a.value }}" } }));
    const asks = await here.begin(chain({ ask: { type: "approval", title: "Go?" }, pay }));
    const sleeps = await here.begin(chain({ hold: { type: "wait", for: "1s" }, pay }));
    const queued = await here.start(chain({ pay }));
    here.queued.length = 0;
    const taken: string[] = [];
    let isDead = false;
    const reached = async (step: Step) => {
      const key = randomUUID();
      const takers = [];
      for (const engine of [here, there]) {
        if (await accepts(engine, key)) takers.push(engine);
        await work(engine);
      }
      expect(takers.length, `deployments that take changes after ${step}`).toBeLessThanOrEqual(1);
      if (takers.length === 1) taken.push(key);
    };
    const dying = move(eu, us, workspaceId, async (step) => {
      await reached(step);
      if (step !== death || isDead) return;
      isDead = true;
      throw new Error("the process died");
    });
    await expect(dying).rejects.toThrow("the process died");
    await move(eu, us, workspaceId, reached);

    await expect
      .poll(async () => (await work(there), (await there.run(sleeps))["status"]), { timeout: 60_000 })
      .toBe("succeeded");
    expect(await there.run(queued)).toMatchObject({ status: "succeeded" });
    expect(await there.run(done)).toMatchObject({ status: "succeeded", output: { a: 1 } });
    expect(await there.run(asks)).toMatchObject({ status: "waiting" });
    await there.decide(asks, { action: "approve" });
    await there.settle();
    expect(await there.run(asks)).toMatchObject({ status: "succeeded" });
    await work(here).catch(() => undefined);

    const paid = sent.map(({ run }) => run).toSorted();
    expect(paid).toEqual([asks, sleeps, queued].toSorted());
    const kept = await query<{ key: string }>(
      us.database.ownerUrl,
      "select key from store where workspace_id = $1 and namespace = 'moments' order by key",
      [workspaceId],
    );
    expect(kept.map(({ key }) => key)).toEqual(taken.toSorted());
    await expect(here.start(chain({ a: set(1) }))).rejects.toThrow("the workspace has moved");
    await here.close();
    await there.close();
  },
);

test("a step that is still at work when the patience is over writes nothing more here, and the target takes its run over", async () => {
  const { workspaceId, here, there } = await openBoth();
  let begin = () => {};
  const begun = new Promise<void>((resolve) => void (begin = resolve));
  let release = () => {};
  const released = new Promise<void>((resolve) => void (release = resolve));
  const slow = await openEngine({
    database: { ...eu.database, stop: async () => undefined },
    workspaceId,
    ports: {
      fetch: async ({ url }) => {
        begin();
        await released;
        return { url, status: 200, headers: {}, body: "{}" };
      },
    },
  });
  const runId = await slow.start(chain({ pay }));
  const atWork = slow.deliver(runId).then(
    () => "it was stored",
    (error: unknown) => error,
  );
  await begun;
  await move(eu, us, workspaceId);
  release();
  expect(await atWork).toMatchObject({ message: expect.stringMatching(/read-only|moved/) });
  await work(there);
  // Nobody knows whether the write arrived, so a person is asked, as after a crash.
  expect(await there.run(runId)).toMatchObject({ status: "waiting", waiting_on: "approval" });
  expect(await there.rows("side_effects", runId)).toMatchObject([{ state: "unknown" }]);
  for (const engine of [slow, here, there]) await engine.close();
});

test("a move that is given up leaves the source at work and nothing at the target", async () => {
  const { workspaceId, here, there } = await openBoth();
  const asks = await here.begin(chain({ ask: { type: "approval", title: "Go?" }, pay }));
  await expect(
    move(eu, us, workspaceId, (step) => {
      if (step === "rows") throw new Error("the process died");
    }),
  ).rejects.toThrow("died");
  expect(await accepts(here, "frozen")).toBe(false);
  await withPlaces([eu, us], (from, to) => abandonMove({ from, to, workspace: workspaceId }));
  expect(await accepts(here, "again")).toBe(true);
  await here.decide(asks, { action: "approve" });
  await here.settle();
  expect(await here.run(asks)).toMatchObject({ status: "succeeded" });
  expect(await query(us.database.ownerUrl, "select from workspaces where id = $1", [workspaceId])).toEqual(
    [],
  );
  await move(eu, us, workspaceId);
  expect(await there.run(asks)).toMatchObject({ status: "succeeded" });
  for (const engine of [here, there]) await engine.close();
});
