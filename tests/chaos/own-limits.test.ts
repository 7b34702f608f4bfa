import { afterAll, beforeAll, expect, test } from "vitest";
import { agent, chain, crew, task as crewTask } from "#/tests/support/definitions.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { Mortal } from "#/tests/support/mortal.ts";
import { deliverTo } from "#/tests/support/mortal-delivery.ts";
import { publishable } from "#/tests/support/publish.ts";
import { seededRandom } from "#/tests/support/random.ts";

const SEED = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);
const RUNS = 6;

let engine: TestEngine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

/** Agents that reach their own limits, and what it takes them to come to an end with what people add. */
interface Limited {
  readonly definition: object;
  readonly script: ScriptedModel;
  readonly models: number;
  readonly tools: number;
  /** Subjects of the questions, in the order of the alphabet. */
  readonly questions: readonly string[];
  readonly output: object;
}

const countResults = (prompt: string) => prompt.split('"type":"tool-result"').length - 1;
const look = (at: string | number) => ({ tool: "http_request", input: { url: `https://a.test/${at}` } });
const limited = { tools: ["http_request"], maxIterations: 2, onLimit: "ask", askTimeout: "24h" };

const give = (coworker: string) => ({ tool: "delegate", input: { coworker, task: coworker, context: "" } });
/** Each of the two members: two calls, a question, two more, a question, and the answer. */
const MEMBERS: Limited = {
  definition: crew({
    agents: {
      lead: agent("Lead", { allowDelegation: true }),
      left: agent("Left", limited),
      right: agent("Right", limited),
    },
    tasks: [crewTask("report", { description: "Report", agent: "lead" })],
  }),
  script: (prompt) => {
    const task = /Current task: (\w+)/.exec(prompt)?.[1] ?? "";
    const results = countResults(prompt);
    if (task === "Report") return results === 0 ? [give("Left"), give("Right")] : "Report done";
    return results < 4 ? look(`${task}/${results}`) : `${task} done`;
  },
  models: 2 + 2 * 5,
  tools: 2 * 4,
  questions: ["turns", "turns", "turns", "turns"],
  output: { result: "Report done" },
};

/** Three rounds of a tool, an answer and its judge, of which one is given; in the second the money is used up. A call costs 0.00002. */
const ROUNDS: Limited = {
  definition: chain({
    work: {
      type: "agent",
      role: "Clerk",
      goal: "Count",
      ...limited,
      until: { judge: "It is the third", rounds: 1, maxCostUsd: 0.000_07 },
    },
  }),
  script: (prompt) => {
    if (prompt.includes("You judge whether"))
      return JSON.stringify({ valid: prompt.includes("answer 3"), feedback: "more" });
    const rounds = prompt.split("not done yet").length;
    return countResults(prompt) < rounds ? look(rounds) : `answer ${rounds}`;
  },
  models: 3 * 3,
  tools: 3,
  questions: ["agent_budget", "rounds", "rounds"],
  output: { work: "answer 3" },
};

/** What was asked for and sent, however often. */
interface World {
  readonly prompts: string[];
  readonly sent: string[];
  deaths: number;
}

/** Answers one of the open questions, sometimes while another is still being worked towards. */
async function raiseOne(runId: string, random: () => number): Promise<void> {
  const open = await engine.openApprovals(runId);
  const chosen = open[Math.floor(random() * open.length)];
  const values = { turns: 2, rounds: 1, costUsd: 1 };
  if (chosen) await engine.decide(runId, { approvalId: chosen["id"], action: "raise", values });
}

interface Luck {
  readonly random: () => number;
  /** How likely a process dies at a question to the database. */
  readonly risk: number;
}

async function play(
  { definition, script }: Limited,
  { random, risk }: Luck,
): Promise<World & { readonly runId: string }> {
  const world: World = { prompts: [], sent: [], deaths: 0 };
  const runId = await engine.start(publishable(definition));
  const around = {
    script: (prompt: string, call: number) => (world.prompts.push(prompt), script(prompt, call)),
    fetch: async ({ url }: { readonly url: string }) => {
      world.sent.push(url);
      return { url, status: 200, headers: {}, body: "found" };
    },
  };
  for (let retried = 0; retried < 500; retried += 1) {
    const mortal = new Mortal(() => random() < risk);
    const survived = await deliverTo(engine, runId, { ...around, mortal, retried });
    if (!survived) world.deaths += 1;
    const run = await engine.run(runId);
    if (run["status"] === "succeeded") return { ...world, runId };
    if (run["finished_at"] !== null) throw new Error(JSON.stringify(run));
    if (survived) await raiseOne(runId, random);
  }
  throw new Error("The run does not come to its end.");
}

/** What a run keeps of its calls, and has asked people. */
async function countKept(runId: string) {
  const journal = await engine.rows("journal", runId);
  const kept = (suffix: string) => journal.filter(({ key }) => String(key).endsWith(suffix)).length;
  const asked = await engine.rows("approvals", runId);
  return {
    models: kept(":model"),
    tools: kept(":tool"),
    questions: asked.map(({ subject }) => String(subject)).toSorted(),
    answers: new Set(asked.map(({ status, action }) => `${String(status)} ${String(action)}`)),
  };
}

test.each([
  { who: "members of a crew that are given more turns", limited: MEMBERS },
  { who: "an agent that is given more rounds and money", limited: ROUNDS },
])(`$who: the same calls however often processes die (seed ${SEED})`, async ({ who, limited: one }) => {
  const random = seededRandom(SEED);
  const calm = await play(one, { random, risk: 0 });
  expect([calm.prompts.length, calm.sent.length]).toEqual([one.models, one.tools]);
  const { models, tools, questions } = one;
  const kept = { models, tools, questions, answers: new Set(["decided raise"]) };
  expect(await countKept(calm.runId)).toEqual(kept);
  let deaths = 0;
  for (let round = 0; round < RUNS; round += 1) {
    const world = await play(one, { random, risk: 0.06 });
    deaths += world.deaths;
    expect(await engine.run(world.runId)).toMatchObject({ output: one.output });
    expect(await countKept(world.runId)).toEqual(kept);
    expect(new Set(world.sent)).toEqual(new Set(calm.sent));
    // Only what died between an answer and the journal was asked for again.
    const lost = world.prompts.length - models + (world.sent.length - tools);
    expect(lost).toBeLessThanOrEqual(2 * world.deaths);
  }
  console.log(`own limits, ${who}: seed ${SEED}, ${RUNS} runs, ${deaths} deaths`);
  expect(deaths).toBeGreaterThan(RUNS);
});
