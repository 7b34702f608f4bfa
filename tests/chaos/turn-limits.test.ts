import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceRun } from "#/agents/runner/advance.ts";
import { agent, crew, task as crewTask } from "#/tests/support/definitions.ts";
import { openEngine, type ScriptedModel, scriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { Mortal } from "#/tests/support/mortal.ts";
import { publishable } from "#/tests/support/publish.ts";
import { seededRandom } from "#/tests/support/random.ts";

const SEED = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);
const RUNS = 6;
/** Each of the two members: two calls, a question, two more, a question, and the answer. */
const MODEL_CALLS = 2 + 2 * 5;
const TOOL_CALLS = 2 * 4;
const QUESTIONS = 2 * 2;

let engine: TestEngine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

const member = (role: string) =>
  agent(role, { tools: ["http_request"], maxIterations: 2, onLimit: "ask", askTimeout: "24h" });
const definition = publishable(
  crew({
    agents: { lead: agent("Lead", { allowDelegation: true }), left: member("Left"), right: member("Right") },
    tasks: [crewTask("report", { description: "Report", agent: "lead" })],
  }),
);
const give = (coworker: string) => ({ tool: "delegate", input: { coworker, task: coworker, context: "" } });
const countResults = (prompt: string) => prompt.split('"type":"tool-result"').length - 1;
const script: ScriptedModel = (prompt) => {
  const task = /Current task: (\w+)/.exec(prompt)?.[1] ?? "";
  const results = countResults(prompt);
  if (task === "Report") return results === 0 ? [give("Left"), give("Right")] : "Report done";
  const url = `https://a.test/${task}/${results}`;
  return results < 4 ? { tool: "http_request", input: { url } } : `${task} done`;
};

/** What was asked for and sent, however often. */
interface World {
  readonly prompts: string[];
  readonly sent: string[];
  deaths: number;
}

async function deliver(runId: string, world: World, mortal: Mortal, retried: number): Promise<boolean> {
  const { runner, tenant, store } = engine;
  const ref = { workspaceId: tenant.workspaceId, runId };
  const language = scriptedModel(
    (prompt, call) => {
      mortal.live();
      world.prompts.push(prompt);
      return script(prompt, call);
    },
    { modelCalls: 0 },
  );
  const mine = {
    ...runner,
    store: mortal.store(store),
    makePorts: () => ({
      ...runner.makePorts(ref),
      models: { ...runner.makePorts(ref).models, language: () => language },
      fetch: async ({ url }: { readonly url: string }) => {
        mortal.live();
        world.sent.push(url);
        return { url, status: 200, headers: {}, body: "found" };
      },
    }),
  };
  try {
    await advanceRun(mine, ref, { messageId: `message-${runId}`, retried });
    return !mortal.isDead;
  } catch (error) {
    if (mortal.isDead) return false;
    throw error;
  }
}

/** Answers one of the open questions, sometimes while another is still being worked towards. */
async function raiseOne(runId: string, random: () => number): Promise<void> {
  const open = await engine.openApprovals(runId);
  const chosen = open[Math.floor(random() * open.length)];
  if (chosen) await engine.decide(runId, { approvalId: chosen["id"], action: "raise", values: { turns: 2 } });
}

interface Luck {
  readonly random: () => number;
  /** How likely a process dies at a question to the database. */
  readonly risk: number;
}

async function play({ random, risk }: Luck): Promise<World & { readonly runId: string }> {
  const world: World = { prompts: [], sent: [], deaths: 0 };
  const runId = await engine.start(definition);
  for (let retried = 0; retried < 500; retried += 1) {
    const survived = await deliver(runId, world, new Mortal(() => random() < risk), retried);
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
  return {
    models: kept(":model"),
    tools: kept(":tool"),
    questions: (await engine.rows("approvals", runId)).map(
      ({ status, action }) => `${String(status)} ${String(action)}`,
    ),
  };
}

test(`members that are given more turns make the same calls however often processes die (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const calm = await play({ random, risk: 0 });
  expect([calm.prompts.length, calm.sent.length]).toEqual([MODEL_CALLS, TOOL_CALLS]);
  const kept = {
    models: MODEL_CALLS,
    tools: TOOL_CALLS,
    questions: Array.from({ length: QUESTIONS }, () => "decided raise"),
  };
  expect(await countKept(calm.runId)).toEqual(kept);
  let deaths = 0;
  for (let round = 0; round < RUNS; round += 1) {
    const world = await play({ random, risk: 0.06 });
    deaths += world.deaths;
    expect(await engine.run(world.runId)).toMatchObject({ output: { result: "Report done" } });
    expect(await countKept(world.runId)).toEqual(kept);
    expect(new Set(world.sent)).toEqual(new Set(calm.sent));
    // Only what died between an answer and the journal was asked for again.
    const lost = world.prompts.length - MODEL_CALLS + (world.sent.length - TOOL_CALLS);
    expect(lost).toBeLessThanOrEqual(2 * world.deaths);
  }
  console.log(`turn limits: seed ${SEED}, ${RUNS} runs, ${deaths} deaths`);
  expect(deaths).toBeGreaterThan(RUNS);
});
