import { NO_DOCUMENTS } from "#/tests/support/no-documents.ts";
import { NO_TOOL_CHANGES } from "#/tests/support/no-tool-changes.ts";
import { NO_MEMORY } from "#/tests/support/no-memory.ts";
import { NO_STORE } from "#/tests/support/no-store.ts";
import { builtInTools } from "#/agents/tools/builtin/source.ts";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import { CRASH_LIMIT } from "#/agents/engine/claim.ts";
import type { Runner } from "#/agents/runner/advance.ts";
import { batchedLiveOutput } from "#/agents/runner/live.ts";
import type { RunStore, WakeUp } from "#/agents/runner/runner-ports.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import type { Database, Tenant } from "#/db/client.ts";
import { runStore } from "#/db/engine.ts";
import { runnableWorkflow } from "#/db/runnable-workflow.ts";
import { type FaultRates, Invocation } from "#/tests/support/simulation/faults.ts";
import { idFrom, type Luck } from "#/tests/support/simulation/luck.ts";
import { simulatedModel } from "#/tests/support/simulation/model.ts";
import { Outside } from "#/tests/support/simulation/outside.ts";
import { Receipts } from "#/tests/support/simulation/receipts.ts";
import type { GeneratedWorkflow } from "#/tests/support/simulation/workflows.ts";
import * as v from "valibot";

/** A run whose processes die again and again is given up, which is right and is tested elsewhere: here a world is spared before. */
const NEARLY_GIVEN_UP = CRASH_LIMIT - 4;

const LEASE_MS = 60_000;
/** How far a machine's clock may be off, either way. */
const MOST_SKEW_MS = 600_000;

const ENDED: ReadonlySet<string> = new Set(["succeeded", "failed", "timed_out", "cancelled"]);

export interface Databases {
  readonly main: Database;
  /** With a single connection, which is ended from the other side now and then. */
  readonly poor: Database;
}

interface Surroundings {
  readonly luck: Luck;
  readonly databases: Databases;
  readonly tenant: Tenant;
  readonly workflow: GeneratedWorkflow;
  readonly send: (wakeUps: readonly WakeUp[]) => void;
  readonly trace: (line: string) => void;
}

export interface Stalling {
  /** Resolves when stalled invocations may continue. */
  readonly untilLater: () => Promise<void>;
}

/** What invocations of one schedule live in: some worlds are calm, some are not. */
export class World {
  readonly outside: Outside;
  readonly receipts = new Receipts();
  /** Runs that have ended by a commit. */
  readonly ended = new Set<string>();
  readonly #surroundings: Surroundings;
  readonly #rates: FaultRates;
  readonly #store: RunStore;
  readonly #kv: "works" | "fails" | "hangs";

  constructor(surroundings: Surroundings) {
    const { luck, databases } = surroundings;
    this.#surroundings = surroundings;
    const random = luck.at("world");
    const badness = random();
    this.#rates = {
      death: 0.03 * badness,
      databaseBefore: 0.03 * badness,
      databaseAfter: 0.03 * badness,
      stall: 0.015 * badness,
    };
    this.outside = new Outside(luck, 0.3 * badness);
    this.#store = runStore(random() < 0.2 ? databases.poor : databases.main);
    const kv = random();
    // One that hangs holds every invocation up for a second of the test's own time.
    this.#kv = kv < 0.005 ? "hangs" : kv < 0.3 ? "fails" : "works";
  }

  /** Everything that one invocation reaches, with its own luck and its own clock. */
  runner(name: string, { untilLater }: Stalling): Runner {
    const { luck, send, trace } = this.#surroundings;
    const random = luck.at(`invocation ${name}`);
    const invocation = new Invocation(name, {
      random: luck.at(`faults of ${name}`),
      rates: this.#rates,
      trace,
      untilLater,
    });
    const skewMs = (random() - 0.5) * 2 * MOST_SKEW_MS;
    const now = () => Date.now() + skewMs;
    const ports = this.#stepPorts(invocation, { now, random });
    return {
      store: this.#storeOf(invocation),
      wake: invocation.outside("wake", async (wakeUps: readonly WakeUp[]) => send(wakeUps)),
      live: batchedLiveOutput(
        () => this.#append(random),
        () => undefined,
      ),
      endRemoteTasks: async () => undefined,
      observe: { superstepCommitted: () => undefined, stepFailed: () => undefined },
      makePorts: () => ports,
      now,
      loadProgram: (_ref, held) =>
        definitionProgram(v.parse(Definition, held.definition), held.part?.fragment),
      budget: { budgetMs: random() < 0.5 ? 0 : 20_000, limit: 25 },
      leaseMs: LEASE_MS,
    };
  }

  #storeOf(invocation: Invocation): RunStore {
    const store = this.#store;
    const claim: RunStore["claim"] = async (...asked) => {
      const answer = await store.claim(...asked);
      if (answer?.claimed && answer.crashes >= NEARLY_GIVEN_UP) invocation.spare();
      return answer;
    };
    const keep: RunStore["journal"] = async (ref, entry) => {
      await store.journal(ref, entry);
      this.receipts.keep(entry.result, invocation.name);
    };
    const commit: RunStore["commit"] = async (ref, epoch, change) => {
      const committed = await store.commit(ref, epoch, change);
      if (committed.committed && ENDED.has(committed.status)) this.ended.add(ref.runId);
      return committed;
    };
    return {
      claim: invocation.database("claim", claim),
      commit: invocation.database("commit", commit),
      journal: invocation.database("journal", keep),
      reusable: invocation.database("reusable", store.reusable),
      bookCancelled: invocation.database("bookCancelled", store.bookCancelled),
      deliverEvents: invocation.database("deliverEvents", store.deliverEvents),
      beginSideEffect: invocation.database("beginSideEffect", store.beginSideEffect),
      settleSideEffect: invocation.database("settleSideEffect", store.settleSideEffect),
      reserve: invocation.database("reserve", store.reserve),
      raise: invocation.database("raise", store.raise),
      takeModelTurn: invocation.database("takeModelTurn", store.takeModelTurn),
      look: invocation.database("look", store.look),
    };
  }

  #stepPorts(invocation: Invocation, { now, random }: Pick<StepPorts, "now" | "random">): StepPorts {
    const { tenant, workflow } = this.#surroundings;
    const { outside, receipts } = this;
    const asker = { name: invocation.name, claimedAt: receipts.now() };
    const model = simulatedModel({
      script: workflow.script,
      asked: invocation.outside("model", async (answer: string) => {
        receipts.ask(answer, asker);
        // What a failed call uses is counted too: how many fit would be luck.
        return workflow.isCounted ? undefined : outside.modelFailure(answer);
      }),
      answered: (answer) => void outside.answered.push(answer),
    });
    return {
      models: { language: () => model, nameOf: () => "simulated", priceOf: () => ({ input: 1, output: 2 }) },
      search: invocation.outside("search", outside.search),
      documents: NO_DOCUMENTS,
      tools: builtInTools,
      toolChanges: NO_TOOL_CHANGES,
      fetch: invocation.outside("fetch", outside.fetch),
      workflow: invocation.database("workflow", (idOrName: string, version: number | undefined) =>
        runnableWorkflow(tenant, idOrName, version),
      ),
      secrets: async () => [],
      connection: async () => undefined,
      store: NO_STORE,
      memory: NO_MEMORY,
      limitCalls: async () => ({ allowed: true, retryAfterS: 0 }),
      newId: () => idFrom(random),
      now,
      random,
    };
  }

  async #append(random: () => number): Promise<void> {
    if (this.#kv === "hangs") await new Promise(() => undefined);
    if (this.#kv === "fails" && random() < 0.5) throw new Error("KV does not answer.");
  }
}
