import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LiveChunk } from "#/agents/steps/step-ports.ts";
import { batchedLiveOutput } from "#/agents/runner/live.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { reviewed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { readEvents, type ReceivedEvent } from "#/tests/support/event-source.ts";
import { followBrokenly, pageAfter } from "#/tests/support/follow.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";
import { seededRandom } from "#/tests/support/random.ts";

const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e9));

const calculating = {
  format: "cairn/v1",
  name: "Calculating",
  kind: "graph",
  steps: { sum: { type: "tool", tool: "calculator", input: { expression: "20 + 22" } } },
  edges: [
    { from: "start", to: "sum" },
    { from: "sum", to: "end" },
  ],
};

let api: TestApi;
let caller: Caller;
const workflows: Record<string, string> = {};
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
  for (const [name, definition] of Object.entries({ reviewed, calculating }))
    workflows[name] = (await publish(caller.tenant, definition)).workflowId;
});
afterAll(() => api.stop());

const run = async (id: string) => (await caller.call("GET", `/api/v1/runs/${id}`)).body;
const start = async (workflow: string, status: string) => {
  const { body } = await caller.call("POST", `/api/v1/workflows/${workflows[workflow]}/runs`, { body: {} });
  return eventually(async () => ((await run(body.id)).status === status ? String(body.id) : undefined));
};
/** A run that is waiting, so that nobody but the test writes about it. */
const open = async () => {
  const runId = await start("reviewed", "waiting");
  return { runId, address: `${api.url}/api/v1/runs/${runId}/events`, ...(await openWriter(runId)) };
};

async function openWriter(runId: string) {
  const { liveOutput } = await import("#/lib/cloud/live-output.ts");
  const append = (epoch: number, ...chunks: LiveChunk[]) => liveOutput().append({ runId, epoch }, chunks);
  return { append, live: liveOutput() };
}

const task = (taskId: string) => ({ step: "write", taskId });
const delta = (taskId: string, offset: number, text: string): LiveChunk => ({
  type: "delta",
  ...task(taskId),
  offset,
  text,
});
const started = (taskId: string, startedAt = Date.now()): LiveChunk => ({
  type: "started",
  ...task(taskId),
  attempt: 1,
  startedAt,
});
const joinText = (events: readonly ReceivedEvent[], taskId: string) =>
  events
    .filter(({ name, data }) => name === "delta" && data.taskId === taskId)
    .map(({ data }) => data.text)
    .join("");
const has = (text: string) => (events: readonly ReceivedEvent[]) =>
  events.some(({ name, data }) => name === "delta" && data.text.includes(text));

/** Writes two texts at the same time, as two models do: through the batches of the worker, at an uneven pace. */
async function writeTwoTexts(runId: string, random: () => number) {
  const { live } = await openWriter(runId);
  const output = batchedLiveOutput(
    (write, chunks) => live.append(write, chunks),
    (error) => expect.unreachable(String(error)),
  );
  const texts = { a: "", b: "" };
  const show = (chunk: LiveChunk) => output.show({ workspaceId: "", runId }, 9, chunk);
  for (const id of ["a", "b"] as const) show(started(id));
  for (let index = 0; index < 300; index += 1) {
    const id = random() < 0.5 ? "a" : "b";
    const text = ` ${id}${index}`;
    show(delta(id, texts[id].length, text));
    texts[id] += text;
    if (random() < 0.3) await sleep(random() * 12);
  }
  for (const id of ["a", "b"] as const) show(delta(id, texts[id].length, "END"));
  await output.flush({ workspaceId: "", runId }, 9);
  return { a: `${texts.a}END`, b: `${texts.b}END` };
}
const bothEnded = (events: readonly ReceivedEvent[]) =>
  joinText(events, "a").endsWith("END") && joinText(events, "b").endsWith("END");

describe("live output of a run", () => {
  test(`reaches fifty readers at once, each piece once and in order (seed ${SEED})`, async () => {
    const { runId, address } = await open();
    const readers = Array.from({ length: 50 }, () => readEvents(address, caller.key, undefined, bothEnded));
    const written = await writeTwoTexts(runId, seededRandom(SEED));
    for (const events of await Promise.all(readers)) {
      expect({ a: joinText(events, "a"), b: joinText(events, "b") }).toEqual(written);
      expect(new Set(events.map(({ id, name }) => `${id} ${name}`)).size).toBe(events.length);
    }
  });

  test(`reaches readers whose connections break again and again without a loss and without an echo (seed ${SEED})`, async () => {
    const { runId, address } = await open();
    const readers = Array.from({ length: 10 }, (_, index) => {
      const random = seededRandom(SEED + index);
      let made = 0;
      return followBrokenly(address, caller.key, {
        enough: bothEnded,
        // On a busy machine all of it may come in few events: the first connections break at once.
        eventsAConnection: () => {
          made += 1;
          return made <= 4 ? 1 : 1 + Math.floor(random() * 9);
        },
      });
    });
    const written = await writeTwoTexts(runId, seededRandom(SEED));
    for (const { seen, connections } of await Promise.all(readers)) {
      expect(connections).toBeGreaterThan(3);
      expect({ a: joinText(seen, "a"), b: joinText(seen, "b") }).toEqual(written);
      expect(seen.filter(({ name }) => name === "started").length).toBe(2);
    }
  });

  test("continues at any place, also in the middle of what was written together", async () => {
    const { address, append } = await open();
    await append(9, started("t"), delta("t", 0, "one "), delta("t", 4, "two "), delta("t", 8, "three "));
    await append(9, delta("t", 14, "four"));
    const all = await readEvents(address, caller.key, undefined, has("four"));
    for (const [index, { id }] of all.entries()) {
      const before = all.slice(0, index + 1);
      if (has("four")(before)) continue;
      const rest = await readEvents(address, caller.key, id, has("four"));
      expect(joinText([...before, ...rest], "t")).toBe("one two three four");
    }
  });

  test("says what a call sets aside, and what the run spends without sending the whole run again", async () => {
    const { runId, address, append } = await open();
    await append(9, started("t"), { type: "aside", ...task("t"), tokens: 112, costUsd: 0.5 });
    let sets: Promise<unknown> | undefined;
    const events = await readEvents(address, caller.key, undefined, (seen) => {
      if (seen.some(({ name }) => name === "aside"))
        sets ??= readRows(
          api.ownerUrl,
          "insert into reservations (workspace_id, run_id, key, tokens, cost_usd, log_seq) select workspace_id, id, 'k', 77, 0.5, log_seq from agent_sessions where id = $1",
          [runId],
        );
      return seen.some(({ name }) => name === "account");
    });
    await sets;
    expect(events.filter(({ name }) => name === "run")).toHaveLength(1);
    expect(events.at(-1)?.data).toMatchObject({ aside: { tokens: 77 } });
    expect(pageAfter(await run(runId), events)).toMatchObject({
      run: { account: { aside: { tokens: 77 } } },
      live: [{ taskId: "t", aside: { tokens: 112, costUsd: 0.5 } }],
    });
  });

  test("voids what an overtaken attempt wrote, and lets nothing of it through afterwards", async () => {
    const { runId, address, append } = await open();
    await append(9, started("t", 1), delta("t", 0, "The first attempt"));
    await append(10, started("t", 2), delta("t", 0, "The second "));
    expect(await append(9, delta("t", 17, " goes on"))).toEqual({ kind: "fenced" });
    await append(10, delta("t", 11, "one END"));
    const events = await readEvents(address, caller.key, undefined, has("END"));
    expect(
      events.filter(({ name }) => name === "delta").map(({ data }) => [data.epoch, data.offset, data.text]),
    ).toEqual([
      [9, 0, "The first attempt"],
      [10, 0, "The second "],
      [10, 11, "one END"],
    ]);
    expect(pageAfter(await run(runId), events).live).toMatchObject([
      { taskId: "t", epoch: 10, text: "The second one END" },
    ]);
  });

  test("shows the page a text without a hole when the store has dropped a part of it", async () => {
    const { runId, address, append } = await open();
    const { createLiveOutput } = await import("#/lib/cloud/live-output.ts");
    const small = createLiveOutput({
      url: process.env["KV_REST_API_URL"] ?? "",
      token: "kv",
      keepEntries: 5,
    });
    await append(9, started("t"), delta("t", 0, "seen "));
    const before = await readEvents(address, caller.key, undefined, has("seen"));
    for (let index = 0; index < 300; index += 1)
      await small.append({ runId, epoch: 9 }, [delta("t", 5 + index, "x")]);
    await append(9, started("next"), delta("next", 0, "whole"));
    for (const id of [before.at(-1)?.id, undefined]) {
      const events = await readEvents(address, caller.key, id, has("whole"));
      expect(joinText(events, "t")).toBe("");
      expect(joinText(events, "next")).toBe("whole");
    }
    const { live } = pageAfter(await run(runId), [
      ...before,
      ...(await readEvents(address, caller.key, before.at(-1)?.id, has("whole"))),
    ]);
    expect(live.map(({ text }) => text)).toEqual(["seen ", "whole"]);
  });

  test("reads what has become durable from the log when the store has lost the commit", async () => {
    const { address, runId, append } = await open();
    await append(9, started("t"), delta("t", 0, "seen"));
    const place = (await readEvents(address, caller.key, undefined, has("seen"))).at(-1)?.id;
    const { kv } = await import("#/lib/cloud/kv.ts");
    await kv().del(`run:{${runId}}:output`);
    await caller.call("POST", `/api/v1/runs/${runId}/cancel`);
    const rest = await readEvents(address, caller.key, place);
    expect(rest.at(-1)).toMatchObject({ name: "end", data: { status: "cancelled" } });
  });

  test("tells a tool's start with its input, and its end", async () => {
    const runId = await start("calculating", "succeeded");
    const { live } = await openWriter(runId);
    const chunks = await eventually(async () => {
      const entries = (await live.read(runId, "0", 100)).flatMap((entry) => entry.chunks);
      return entries.some(({ type }) => type === "committed") ? entries : undefined;
    });
    const tools = chunks.filter(({ type }) => type === "tool");
    expect(tools).toEqual([
      {
        type: "tool",
        step: "sum",
        taskId: expect.any(String),
        tool: "calculator",
        state: "started",
        input: { expression: "20 + 22" },
      },
      {
        type: "tool",
        step: "sum",
        taskId: expect.any(String),
        tool: "calculator",
        state: "succeeded",
        durationMs: expect.any(Number),
      },
    ]);
    const watched = await open();
    await watched.append(9, ...(tools as unknown as LiveChunk[]));
    const isTold = (events: readonly ReceivedEvent[]) =>
      events.filter(({ name }) => name === "tool").length === 2;
    const events = await readEvents(watched.address, caller.key, undefined, isTold);
    expect(pageAfter(await run(watched.runId), events).live).toMatchObject([
      { step: "sum", tool: { name: "calculator", input: { expression: "20 + 22" }, state: "succeeded" } },
    ]);
  });

  test("tells how far a tool is, as the tool has told it", async () => {
    const { runId, address, append } = await open();
    const call = { type: "tool", step: "sum", taskId: "t", tool: "count" } as const;
    const far = { state: "working", progress: 3, total: 10, message: "Counting" } as const;
    await append(9, { ...call, state: "started", input: { to: 10 } }, { ...call, ...far });
    const isTold = (events: readonly ReceivedEvent[]) => events.some(({ data }) => data.state === "working");
    const events = await readEvents(address, caller.key, undefined, isTold);
    const { progress, total, message } = far;
    expect(pageAfter(await run(runId), events).live).toMatchObject([
      { step: "sum", tool: { name: "count", input: { to: 10 }, progress: { progress, total, message } } },
    ]);
  });

  test("shows a task that the log knows again when it has begun anew, and not by an echo", async () => {
    const { runId, address, append } = await open();
    const isLogged = (events: readonly ReceivedEvent[]) =>
      events.some(({ name, data }) => name === "step" && data.step === "review");
    const { data: logged } = (await readEvents(address, caller.key, undefined, isLogged)).at(-1) ?? {
      data: undefined,
    };
    const startedAt = Date.parse(logged.startedAt);
    const beginning = (at: number, text: string): LiveChunk[] => [
      { type: "started", step: "review", taskId: logged.taskId, attempt: 1, startedAt: at },
      { type: "delta", step: "review", taskId: logged.taskId, offset: 0, text },
    ];
    await append(9, ...beginning(startedAt, "echo"));
    await append(10, ...beginning(startedAt + 1, "again"));
    const events = await readEvents(address, caller.key, undefined, has("again"));
    expect(joinText(events, logged.taskId)).toBe("again");
    expect(pageAfter(await run(runId), events).live).toMatchObject([
      { taskId: logged.taskId, text: "again" },
    ]);
  });
});
