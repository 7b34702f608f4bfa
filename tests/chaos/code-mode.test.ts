import { afterAll, beforeAll, expect, test } from "vitest";
import { storeDecision } from "#/db/decisions.ts";
import { chain } from "#/tests/support/definitions.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { Mortal } from "#/tests/support/mortal.ts";
import { deliverTo } from "#/tests/support/mortal-delivery.ts";
import { seededRandom } from "#/tests/support/random.ts";

const SEED = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);
const RUNS = 6;

let engine: TestEngine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

/** Calls side by side, calls that follow from answers, from the time and from chance, one that fails, and two that a person has to allow. */
const SOURCE = `
  const get = async (path) => (await tools.http_request({ url: "https://a.test/" + path })).body;
  const first = await Promise.all(["a", "b", "c"].map(get));
  const chance = Math.floor(Math.random() * 1000) + "-" + (Date.now() % 1000);
  const second = await get("after/" + first.join("") + "/" + chance);
  const failed = await get("broken").catch((error) => error.code);
  const orders = await Promise.all([1, 2].map((number) =>
    tools.http_request({ url: "https://a.test/order", method: "POST", body: { number, chance } }).then(({ body }) => body)));
  const last = await get("last/" + chance);
  return { first, second, failed, orders, last };`;

const AGENT = {
  type: "agent",
  role: "Clerk",
  goal: "Order",
  tools: ["code", "http_request"],
  toolPolicy: { http_request: { when: 'has(args.method) && args.method == "POST"' } },
};

/** What was sent to the outside. Its server says no to one path. */
interface World {
  readonly sent: string[];
  /** The numbers of the orders that came in. */
  readonly orders: Set<string>;
  deaths: number;
}

const newWorld = (): World => ({ sent: [], orders: new Set(), deaths: 0 });

const deliver = (runId: string, world: World, mortal: Mortal, retried: number): Promise<boolean> =>
  deliverTo(engine, runId, {
    mortal,
    retried,
    script: (prompt) =>
      prompt.includes('"type":"tool-result"')
        ? prompt.slice(prompt.indexOf('"result":'))
        : { tool: "code", input: { source: SOURCE }, id: "code" },
    fetch: async ({ url, method = "GET", body }) => {
      if (method === "POST") world.orders.add(readOrder(body));
      world.sent.push(`${method} ${new URL(url).pathname}`);
      const status = url.endsWith("broken") ? 404 : 200;
      return { url, status, headers: {}, body: url.split("/")[3] ?? "" };
    },
  });

/** The number of the order that a request or a question is about. */
const readOrder = (about: unknown) => /number\\*":(\d)/.exec(JSON.stringify(about))?.[1] ?? "";

/** Answers every question: yes, and of a write that left no answer what is so: a process may have died before it, or after. */
async function decideAll(runId: string, { orders }: World): Promise<void> {
  for (const question of await engine.openApprovals(runId)) {
    const inDoubt = orders.has(readOrder(question)) ? "sent" : "retry";
    await storeDecision(engine.tenant, runId, {
      approvalId: String(question["id"]),
      action: question["subject"] === "side_effect" ? inDoubt : "approve",
      by: { kind: "person", id: "test" },
    });
  }
}

async function play(runId: string, world: World, dies: () => boolean): Promise<void> {
  for (let retried = 0; retried < 500; retried += 1) {
    const survived = await deliver(runId, world, new Mortal(dies), retried);
    if (!survived) world.deaths += 1;
    const { status, error } = await engine.run(runId);
    if (status === "succeeded") return;
    if (status === "failed") throw new Error(JSON.stringify(error));
    if (survived) await decideAll(runId, world);
  }
  throw new Error("The run does not come to its end.");
}

/** The calls of a run, by what the log says of them; chance differs between runs. */
async function listCalls(runId: string): Promise<readonly string[]> {
  const lines = await engine.rows("agent_logs", runId);
  const inner = lines.filter(({ task_id: id, status }) => /:\d+$/.test(String(id)) && status === "succeeded");
  return inner
    .map(({ task_id: id, input }) => {
      const { url, method = "GET" } = (input as { input: { url: string; method?: string } }).input;
      return `${String(id).split(":").at(-1)} ${method} ${withoutChance(new URL(url).pathname)}`;
    })
    .toSorted();
}

const withoutChance = (text: string) => text.replaceAll(/\d+-\d+/g, "#");

test(`code makes the same calls however often its processes die (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const calm = newWorld();
  const calmId = await engine.start(chain({ ask: AGENT }));
  await play(calmId, calm, () => false);
  const expected = await listCalls(calmId);
  expect(expected).toHaveLength(8);
  let deaths = 0;
  for (let round = 0; round < RUNS; round += 1) {
    const world = newWorld();
    const runId = await engine.start(chain({ ask: AGENT }));
    await play(runId, world, () => random() < 0.05);
    deaths += world.deaths;
    expect(await listCalls(runId)).toEqual(expected);
    // What was sent is what the calm run sent: a read whose answer was lost with its process once more, a write never.
    const paths = world.sent.map(withoutChance);
    expect(new Set(paths)).toEqual(new Set(calm.sent.map(withoutChance)));
    expect(paths.filter((path) => path === "POST /order")).toHaveLength(2);
    expect(
      new Set(world.sent.filter((path) => /\d+-\d+/.test(path)).map((path) => /\d+-\d+/.exec(path)?.[0]))
        .size,
    ).toBe(1);
  }
  console.log(`code mode: seed ${SEED}, ${RUNS} runs, ${deaths} deaths`);
  expect(deaths).toBeGreaterThan(RUNS);
});
