import { afterAll, beforeAll, expect, test } from "vitest";
import type { ChildrenTold } from "#/operations/runs/contract.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { chain, set } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { readEvents, type ReceivedEvent } from "#/tests/support/event-source.ts";
import { followBrokenly } from "#/tests/support/follow.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";
import { seededRandom } from "#/tests/support/random.ts";

const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e9));
const input = { type: "object", properties: { list: { type: "array" } } };

let api: TestApi;
let caller: Caller;
/** A workflow of two steps, and one that asks before it runs that for each item of a list. */
let inner = "";
let outer = "";
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
  inner = (await publish(caller.tenant, chain({ one: set(1), two: set(2) }))).workflowId;
  outer = (await publish(caller.tenant, asking({ call: { type: "workflow", workflow: inner } }))).workflowId;
});
afterAll(() => api.stop());

const asking = (steps: Record<string, unknown>) =>
  chain(
    {
      ask: { type: "approval", title: "Go on?" },
      each: {
        type: "map",
        items: "{{ input.list }}",
        do: { steps, edges: edgesOf(Object.keys(steps)[0] ?? "") },
      },
    },
    { input },
  );
const edgesOf = (only: string) => [
  { from: "start", to: only },
  { from: only, to: "end" },
];

const read = async (id: string) => (await caller.call("GET", `/api/v1/runs/${id}`)).body;
const until = (id: string, status: string) =>
  eventually(async () => ((await read(id)).status === status ? true : undefined));
/** A run that stands at its question. */
async function ask(list: readonly unknown[], workflow = outer) {
  const { body } = await caller.call("POST", `/api/v1/workflows/${workflow}/runs`, {
    body: { input: { list } },
  });
  await until(body.id, "waiting");
  const address = (told: ChildrenTold) => `${api.url}/api/v1/runs/${body.id}/events?children=${told}`;
  return { id: String(body.id), address };
}
async function goOn(runId: string) {
  const { body } = await caller.call("GET", `/api/v1/approvals?run=${runId}`);
  const decided = await caller.call("POST", `/api/v1/approvals/${body.items[0].id}/decision`, {
    body: { action: "approve" },
  });
  expect(decided.status).toBe(200);
}

const isEnd = (events: readonly ReceivedEvent[]) => events.at(-1)?.name === "end";
/** The lines that were told of each run below, by its way, in the order in which they came. */
const linesByWay = (events: readonly ReceivedEvent[]) =>
  Object.fromEntries(
    [...Map.groupBy(events, wayOf)]
      .map(([way, of]) => [way, of.filter(isLine).map(({ data }) => data.line.step)] as const)
      .filter(([way]) => way !== ""),
  );
const isLine = ({ name }: ReceivedEvent) => name === "childStep";
const wayOf = ({ data }: ReceivedEvent): string =>
  (data.path ?? [])
    .map(({ step, item }: { step: string; item: number | null }) =>
      item === null ? step : `${step}[${item}]`,
    )
    .join("/");
const lineOf = ({ data }: ReceivedEvent) => `${data.runId} ${data.line.seq}`;
/** The last that was told of each run below. */
const lastStatus = (events: readonly ReceivedEvent[]) =>
  new Set(
    new Map(
      events.filter(({ name }) => name === "child").map(({ data }) => [data.runId, data.run.status]),
    ).values(),
  );
const WHOLE = {
  "each[0]": ["call", "call"],
  "each[0]/call": ["one", "two"],
  "each[1]": ["call", "call"],
  "each[1]/call": ["one", "two"],
  "each[2]": ["call", "call"],
  "each[2]/call": ["one", "two"],
};

test("a run's stream tells of the runs below it, however deep, each with the steps that lead to it and all its lines in order", async () => {
  const run = await ask([1, 2, 3]);
  const following = readEvents(run.address("all"), caller.key);
  await goOn(run.id);
  const events = await following;
  expect(isEnd(events)).toBe(true);
  expect(linesByWay(events)).toEqual(WHOLE);
  expect(new Set(events.filter(isLine).map(lineOf)).size).toBe(events.filter(isLine).length);
  expect(lastStatus(events)).toEqual(new Set(["succeeded"]));
  const child = events.findLast(({ name }) => name === "child")?.data;
  expect(child.run).toMatchObject({ id: child.runId, status: "succeeded", parentId: expect.any(String) });
  // A run is not told as over before its last line.
  for (const [, of] of Map.groupBy(
    events.filter(({ data }) => data.runId),
    ({ data }) => data.runId,
  ))
    expect(of.at(-1)).toMatchObject({ name: "child", data: { run: { status: "succeeded" } } });
});

test("nobody is told of them who has not asked", async () => {
  const run = await ask([1]);
  await goOn(run.id);
  await until(run.id, "succeeded");
  const events = await readEvents(`${api.url}/api/v1/runs/${run.id}/events`, caller.key);
  expect(events.filter(({ name }) => name.startsWith("child"))).toEqual([]);
});

test(`a client whose connections break again and again misses no line of any of them (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const run = await ask([1, 2, 3]);
  let made = 0;
  const following = followBrokenly(run.address("all"), caller.key, {
    enough: isEnd,
    eventsAConnection: () => {
      made += 1;
      // What is there at once is read by the first: it must not be all.
      return made <= 3 ? made : 1 + Math.floor(random() * 25);
    },
  });
  await goOn(run.id);
  const { seen, connections } = await following;
  expect(connections).toBeGreaterThan(3);
  const once = new Map(seen.filter(isLine).map((event) => [lineOf(event), event]));
  expect(linesByWay([...once.values()])).toEqual(WHOLE);
  expect(lastStatus(seen)).toEqual(new Set(["succeeded"]));
});

test("runs that begin and end while nobody is connected are told to whoever comes back, and only once", async () => {
  const run = await ask([1, 2, 3]);
  const isAsked = (events: readonly ReceivedEvent[]) => events.some(({ name }) => name === "step");
  const before = await readEvents(run.address("all"), caller.key, undefined, isAsked);
  await goOn(run.id);
  await until(run.id, "succeeded");
  const after = await readEvents(run.address("all"), caller.key, before.at(-1)?.id);
  expect(linesByWay(after)).toEqual(WHOLE);
  expect(after.filter(isLine)).toHaveLength(12);
  // What was told before the end is not told again to who has seen all of it.
  const rest = await readEvents(run.address("all"), caller.key, after.at(-1)?.id);
  expect(rest.filter(({ name }) => name.startsWith("child"))).toEqual([]);
  expect(rest.at(-1)?.name).toBe("end");
});

test("whoever wants new lines alone is told which runs there are, and of them nothing that was there", async () => {
  const asksInside = await publish(
    caller.tenant,
    chain({ first: set(1), wait: { type: "approval", title: "Inside?" }, last: set(2) }),
  );
  const { workflowId } = await publish(
    caller.tenant,
    asking({ call: { type: "workflow", workflow: asksInside.workflowId } }),
  );
  const run = await ask([1], workflowId);
  await goOn(run.id);
  const isAsking = (events: readonly ReceivedEvent[]) =>
    events.some(({ data }) => data.line?.step === "wait");
  const all = await readEvents(run.address("all"), caller.key, undefined, isAsking);
  expect(linesByWay(all)).toMatchObject({ "each[0]/call": ["first", "wait"] });
  const innermost = all.findLast(isLine)?.data.runId;
  await until(innermost, "waiting");

  const isToldOf = (events: readonly ReceivedEvent[]) => events.some(({ data }) => data.runId === innermost);
  const fresh = await readEvents(run.address("new"), caller.key, undefined, isToldOf);
  expect(fresh.filter(isLine)).toEqual([]);
  await goOn(innermost);
  await until(run.id, "succeeded");
  // The connection broke before all was told: what came in the meantime is new all the same.
  const rest = await readEvents(run.address("new"), caller.key, fresh.at(-1)?.id);
  expect(linesByWay(rest)).toEqual({ "each[0]": ["call"], "each[0]/call": ["wait", "last"] });
});

test("a retry has runs of its own: those of the run before it are not told", async () => {
  const { workflowId } = await publish(
    caller.tenant,
    chain({
      call: { type: "workflow", workflow: inner },
      broken: { type: "http", url: "not a url", retry: { attempts: 1 } },
    }),
  );
  const { body } = await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input: {} } });
  await until(body.id, "failed");
  const events = (id: string) => readEvents(`${api.url}/api/v1/runs/${id}/events?children=all`, caller.key);
  const first = await events(body.id);
  expect(linesByWay(first)).toEqual({ call: ["one", "two"] });
  const replayed = await caller.call("POST", `/api/v1/runs/${body.id}/replay`);
  const retried = await caller.call("POST", `/api/v1/runs/${body.id}/retry`);
  await Promise.all([until(replayed.body.id, "failed"), until(retried.body.id, "failed")]);
  // It begins after the step that has started the run.
  expect(linesByWay(await events(retried.body.id))).toEqual({});
  const again = await events(replayed.body.id);
  expect(linesByWay(again)).toEqual({ call: ["one", "two"] });
  const idsOf = (of: readonly ReceivedEvent[]) => new Set(of.flatMap(({ data }) => data.runId ?? []));
  expect(idsOf(again).isDisjointFrom(idsOf(first))).toBe(true);
});

/** A key that may read the runs of one workflow. */
async function keyFor(workflow: string): Promise<string> {
  const body = { name: "For one", scopes: ["runs:read", `workflow:${workflow}`] };
  return (await caller.call("POST", "/api/v1/api-keys", { body })).body.key;
}

test("a key for one workflow follows what its runs have started, and a key for what is started follows nothing else", async () => {
  const run = await ask([1]);
  await goOn(run.id);
  await until(run.id, "succeeded");
  const keyOfOuter = await keyFor(outer);
  expect(linesByWay(await readEvents(run.address("all"), keyOfOuter))).toMatchObject({
    "each[0]/call": ["one", "two"],
  });
  const keyOfInner = await keyFor(inner);
  await expect(readEvents(run.address("all"), keyOfInner)).rejects.toThrow(/404/);
  const stranger = await api.workspace();
  await expect(readEvents(run.address("all"), stranger.key)).rejects.toThrow(/404/);
});

/** Stores runs below a run, each over with one line of its log, without running them. */
async function storeBelow(runId: string, count: number) {
  await readRows(
    api.ownerUrl,
    `with made as (
       insert into agent_sessions (workspace_id, id, agent_type, status, trigger, workflow_id, workflow_version_id, version, parent_id, parent_wait, child_index, fragment,
         log_seq, due_at, finished_at)
       select p.workspace_id, gen_random_uuid(), p.agent_type, 'succeeded', p.trigger, p.workflow_id, p.workflow_version_id, p.version, p.id, 'w', n - 1, 'each', 1, 'infinity', now()
       from agent_sessions p, generate_series(1, $2::integer) n where p.id = $1
       returning workspace_id, id, logs_expire_on
     )
     insert into agent_logs (workspace_id, id, session_id, seq, step, kind, status, task_id, expires_on)
     select m.workspace_id, gen_random_uuid(), m.id, 1, 'call', 'step', 'succeeded', 't', m.logs_expire_on from made m`,
    [runId, count],
  );
}

test("of a thousand and more a stream tells the first thousand, and that there are more", async () => {
  const run = await ask([1]);
  await storeBelow(run.id, 1_000);
  const hasAll = (count: number) => (events: readonly ReceivedEvent[]) =>
    events.filter(({ name }) => name === "child").length >= count;
  const all = await readEvents(run.address("all"), caller.key, undefined, hasAll(1_000));
  expect(new Set(all.filter(isLine).map(lineOf)).size).toBe(1_000);
  expect(all.some(({ name }) => name === "childrenBeyond")).toBe(false);
  await storeBelow(run.id, 1);
  const more = await readEvents(run.address("new"), caller.key, undefined, hasAll(1_000));
  expect(more.filter(isLine)).toEqual([]);
  expect(more.filter(({ name }) => name === "childrenBeyond").map(({ data }) => data)).toEqual([
    { followed: 1_000 },
  ]);
  expect(Math.max(...more.map(({ id }) => id.length))).toBeLessThan(100);
});

test("a place from another database, whose marks are far ahead, costs no line", async () => {
  const run = await ask([1]);
  await goOn(run.id);
  await until(run.id, "succeeded");
  const events = await readEvents(run.address("all"), caller.key, "0~0~999999999999999");
  expect(linesByWay(events)).toMatchObject({ "each[0]/call": ["one", "two"] });
});
