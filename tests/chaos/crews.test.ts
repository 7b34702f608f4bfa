import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insertDocument } from "#/db/knowledge.ts";
import { agent, crew, task as crewTask } from "#/tests/support/definitions.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { Mortal } from "#/tests/support/mortal.ts";
import { deliverTo } from "#/tests/support/mortal-delivery.ts";
import { publishable } from "#/tests/support/publish.ts";
import { seededRandom } from "#/tests/support/random.ts";

const SEED = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);
const RUNS = 6;
const MODEL_CALLS = 10;
const ADDRESSES = ["https://a.test/beside", "https://a.test/deep"];

let engine: TestEngine;
beforeAll(async () => {
  engine = await openEngine();
  const bytes = Buffer.from(FACTS);
  const hash = createHash("sha256").update(bytes).digest("hex");
  await insertDocument(engine.tenant, { ...FILE, id: randomUUID(), bytes, hash });
});
afterAll(() => engine.close());

/** A document of the workspace that the task shows whoever works on it. */
const FACTS = "Tea is grown on hills.";
const FILE = { name: "facts.txt", mediaType: "text/plain", source: null, createdBy: null };

const member = (role: string) =>
  agent(role, {
    allowDelegation: true,
    tools: ["http_request"],
    toolPolicy: { http_request: "approve" },
  });
const definition = publishable(
  crew({
    agents: { lead: member("Lead"), researcher: member("Researcher"), writer: member("Writer") },
    tasks: [crewTask("report", { description: "Report", agent: "lead", files: ["facts.txt"] })],
  }),
);

const give = (coworker: string, task: string) => ({
  tool: "delegate",
  input: { coworker, task, context: "" },
});
const read = (url: string) => ({ tool: "http_request", input: { url } });

/** Lead asks two at once; one of them asks on, three levels deep. Both ends read something that a person has to allow. */
const FIRST_TURNS: Readonly<Record<string, ReturnType<ScriptedModel>>> = {
  Report: [give("Researcher", "One"), give("Writer", "Beside")],
  One: give("Writer", "Two"),
  Two: give("Researcher", "Three"),
  Three: read("https://a.test/deep"),
  Beside: read("https://a.test/beside"),
};
const script: ScriptedModel = (prompt) => {
  const task = /Current task: (\w+)/.exec(prompt)?.[1] ?? "";
  return prompt.includes('"type":"tool-result"') ? `${task} done` : (FIRST_TURNS[task] ?? "lost");
};

/** What was asked for and sent, however often. */
interface World {
  readonly prompts: string[];
  readonly sent: string[];
  /** The keys of the results that the journal has taken, each time that it did. */
  readonly kept: string[];
  deaths: number;
}

const deliver = (runId: string, world: World, mortal: Mortal, retried: number): Promise<boolean> =>
  deliverTo(engine, runId, {
    mortal,
    retried,
    script: (prompt, call) => {
      world.prompts.push(prompt);
      return script(prompt, call);
    },
    fetch: async ({ url }) => {
      world.sent.push(url);
      return { url, status: 200, headers: {}, body: "found" };
    },
    onKept: (key) => world.kept.push(key),
  });

async function decideOne(runId: string, random: () => number): Promise<number> {
  const approvals = await engine.rows("approvals", runId);
  const open = approvals.filter(({ status }) => status === "open");
  const chosen = open[Math.floor(random() * open.length)];
  if (approvals.length === ADDRESSES.length && chosen)
    await engine.decide(runId, { approvalId: chosen["id"], action: "approve" });
  return open.length;
}

/** Plays one run to its end. @returns the most approvals that were open at a time */
async function play(runId: string, world: World, { random, risk }: Luck): Promise<number> {
  let mostOpen = 0;
  for (let retried = 0; retried < 500; retried += 1) {
    const mortal = new Mortal(() => random() < risk);
    const survived = await deliver(runId, world, mortal, retried);
    if (!survived) world.deaths += 1;
    const { status } = await engine.run(runId);
    if (status === "succeeded") return mostOpen;
    if (status === "failed") throw new Error(JSON.stringify(await engine.run(runId)));
    if (survived) mostOpen = Math.max(mostOpen, await decideOne(runId, random));
  }
  throw new Error("The run does not come to its end.");
}

interface Luck {
  readonly random: () => number;
  /** How likely a process dies at a question to the database. */
  readonly risk: number;
}

const newWorld = (): World => ({ prompts: [], sent: [], kept: [], deaths: 0 });

test(`a crew of three, delegating three levels deep, makes the same calls however often its processes die (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const calm = newWorld();
  const calmId = await engine.start(definition);
  expect(await play(calmId, calm, { random, risk: 0 })).toBe(ADDRESSES.length);
  expect(calm.prompts.length).toBe(MODEL_CALLS);
  expect(calm.sent.toSorted()).toEqual(ADDRESSES);
  await expectFileShown(calmId, calm);
  let deaths = 0;
  for (let round = 0; round < RUNS; round += 1) {
    const world = newWorld();
    const runId = await engine.start(definition);
    expect(await play(runId, world, { random, risk: 0.06 })).toBe(ADDRESSES.length);
    deaths += world.deaths;
    expect(await engine.run(runId)).toMatchObject({ output: { result: "Report done" } });
    await expectSameCalls(runId, world, calm);
    await expectFileShown(runId, world);
  }
  console.log(`crews: seed ${SEED}, ${RUNS} runs, ${deaths} deaths`);
  expect(deaths).toBeGreaterThan(RUNS);
});

/** Everybody at any depth sees the file of the task at each turn, and no checkpoint has its words. */
async function expectFileShown(runId: string, { prompts }: World): Promise<void> {
  expect(prompts.filter((prompt) => !prompt.includes(FACTS))).toEqual([]);
  const tables = ["agent_logs", "checkpoints", "checkpoint_blobs", "checkpoint_writes", "journal"];
  for (const table of tables) {
    const rows = await engine.rows(table, runId);
    const stored = rows.map((row) =>
      JSON.stringify(row, (_key, value) => (Buffer.isBuffer(value) ? value.toString("latin1") : value)),
    );
    expect(stored.filter((row) => row.includes(FACTS))).toEqual([]);
  }
}

/** Each prompt once. Call ids differ between runs, and a journal keeps objects with their keys in an order of its own. */
const listDistinct = (prompts: readonly string[]) =>
  [...new Set(prompts.map((prompt) => JSON.stringify(comparable(JSON.parse(prompt)))))].toSorted();

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "toolCallId");
  return Object.fromEntries(
    entries
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, part]) => [key, comparable(part)]),
  );
}

/** What was kept is what the calm run asked for; only what died between an answer and the journal was asked again. */
async function expectSameCalls(runId: string, world: World, calm: World): Promise<void> {
  const journal = await engine.rows("journal", runId);
  const kept = (suffix: string) => journal.filter(({ key }) => String(key).endsWith(suffix)).length;
  expect({ models: kept(":model"), tools: kept(":tool") }).toEqual({
    models: MODEL_CALLS,
    tools: ADDRESSES.length,
  });
  expect(listDistinct(world.prompts)).toEqual(listDistinct(calm.prompts));
  const lines = await engine.rows("agent_logs", runId);
  expect(lines.filter(({ kind, status }) => kind === "model" && status === "succeeded").length).toBe(
    MODEL_CALLS,
  );
  expect(new Set(world.sent)).toEqual(new Set(ADDRESSES));
  // What the journal has is never asked for again.
  expect(world.kept.toSorted()).toEqual([...new Set(world.kept)].toSorted());
  const lost = world.prompts.length - MODEL_CALLS + (world.sent.length - ADDRESSES.length);
  expect(lost).toBeLessThanOrEqual(2 * world.deaths);
}
