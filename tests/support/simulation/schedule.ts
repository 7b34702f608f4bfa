import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Definition } from "#/agents/definition/schema.ts";
import type { StepPorts } from "#/agents/ports.ts";
import { advanceRun, type Runner } from "#/agents/runner/advance.ts";
import type { RunStore, WakeUp } from "#/agents/runner/ports.ts";
import { definitionProgram } from "#/agents/runner/program.ts";
import type { Database, Tenant } from "#/db/client.ts";
import { deliverEvents, runStore } from "#/db/engine.ts";
import { insertEvent } from "#/db/events.ts";
import { insertRun, runnableWorkflow, storeDecision, storePause, storeResume, sweepRuns } from "#/db/run-lifecycle.ts";
import { publish } from "#/tests/support/publish.ts";
import { seededRandom } from "#/tests/support/random.ts";
import { ConnectionLost, type FaultRates, Invocation, ProcessDied } from "#/tests/support/simulation/faults.ts";
import { Outside } from "#/tests/support/simulation/outside.ts";
import { CHILD, type GeneratedWorkflow, generateWorkflow } from "#/tests/support/simulation/workflows.ts";
import * as v from "valibot";

/** Deliveries and passages of time before a run counts as stuck. */
const MOST_ROUNDS = 400;
const AT_ONCE = 3;
const LEASE_MS = 60_000;

interface Message extends WakeUp {
  readonly messageId: string;
  readonly retried: number;
}

export interface SimulatedRun {
  readonly tenant: Tenant;
  readonly runId: string;
  readonly workflow: GeneratedWorkflow;
  readonly outside: Outside;
  readonly trace: readonly string[];
  /** Decisions that counted. */
  readonly decided: number;
}

/** One run of one generated workflow in one unlucky world. The same seed makes the same workflow and the same luck. */
export class Schedule {
  readonly #db: Database;
  readonly #tenant: Tenant;
  readonly #random: () => number;
  readonly #store: RunStore;
  readonly #outside: Outside;
  readonly #rates: FaultRates;
  readonly #trace: string[] = [];
  #messages: Message[] = [];
  #stalled: (() => void)[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #invocations = 0;
  #decided = 0;

  constructor(seed: number, db: Database, tenant: Tenant) {
    this.#db = db;
    this.#tenant = tenant;
    this.#random = seededRandom(seed);
    this.#store = runStore(db);
    // Some worlds are calm, some are not.
    const badness = this.#random();
    this.#rates = { death: 0.04 * badness, lostBefore: 0.03 * badness, lostAfter: 0.03 * badness, stall: 0.02 * badness };
    this.#outside = new Outside(this.#random, 0.3 * badness);
  }

  async run(): Promise<SimulatedRun> {
    const workflow = generateWorkflow(this.#random);
    const runId = randomUUID();
    await this.#publishChild();
    const version = await publish(this.#tenant, workflow.definition);
    await insertRun(this.#tenant, { id: runId, agentType: "graph", ...version, version: 1, input: { n: 7 }, trigger: { kind: "manual" } });
    this.#send([{ workspaceId: this.#tenant.workspaceId, runId, wakes: 1, priority: "normal" }]);
    for (let round = 0; round < MOST_ROUNDS && !(await this.#hasEnded(runId)); round += 1) await this.#round();
    await this.#quieten();
    return { tenant: this.#tenant, runId, workflow, outside: this.#outside, trace: this.#trace, decided: this.#decided };
  }

  async #publishChild(): Promise<void> {
    const { workflowId } = await publish(this.#tenant, CHILD);
    await this.#tenant.batch((query) => [query.updateTable("workflows").set({ name: CHILD.name }).where("id", "=", workflowId)]);
  }

  /** Delivers some of what there is, in any order; with nothing to deliver, people act and time passes. */
  async #round(): Promise<void> {
    const [batch, rest] = this.#draw();
    this.#messages = rest;
    if (batch.length > 0) await Promise.all(batch.map((message) => this.#begin(message)));
    if (this.#random() < 0.1) await this.#pauseAWhile();
    if (batch.length > 0 && this.#random() < 0.8) return;
    await this.#act();
    if (this.#messages.length === 0) await this.#passTime();
  }

  #draw(): [batch: readonly Message[], rest: Message[]] {
    const shuffled = this.#messages.map((message) => ({ message, place: this.#random() })).toSorted((a, b) => a.place - b.place).map(({ message }) => message);
    return [shuffled.slice(0, AT_ONCE), shuffled.slice(AT_ONCE)];
  }

  #send(wakeUps: readonly WakeUp[]): void {
    for (const wakeUp of wakeUps) {
      if (this.#random() < 0.1) continue;
      const message = { ...wakeUp, messageId: randomUUID(), retried: 0 };
      this.#messages.push(message);
      if (this.#random() < 0.2) this.#messages.push(message);
    }
  }

  /** Resolves when the delivery has come to an end, or to a standstill. */
  #begin(message: Message): Promise<unknown> {
    const standstill = Promise.withResolvers<void>();
    const delivery = this.#deliver(message, standstill.resolve);
    this.#underWay.add(delivery);
    void delivery.finally(() => this.#underWay.delete(delivery)).catch(() => undefined);
    return Promise.race([delivery, standstill.promise]);
  }

  async #deliver(message: Message, onStandstill: () => void): Promise<void> {
    this.#invocations += 1;
    const name = `#${this.#invocations}`;
    this.#trace.push(`${name} gets ${message.runId.slice(0, 8)} (${message.retried})`);
    const failure = await advanceRun(this.#runner(name, onStandstill), message, message).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) return;
    if (!(failure instanceof ProcessDied || failure instanceof ConnectionLost)) throw failure;
    if (message.retried < 5) this.#messages.push({ ...message, retried: message.retried + 1 });
  }

  #runner(name: string, onStandstill: () => void): Runner {
    const invocation = new Invocation(name, {
      random: this.#random,
      rates: this.#rates,
      trace: (line) => void this.#trace.push(line),
      untilLater: () => {
        onStandstill();
        return new Promise((resolve) => void this.#stalled.push(resolve));
      },
    });
    // A clock that is wrong by up to ten minutes, whichever machine this is.
    const skewMs = (this.#random() - 0.5) * 1_200_000;
    const now = () => Date.now() + skewMs;
    const database = <P extends (...parameters: never[]) => Promise<unknown>>(point: string, port: P) => invocation.wrap(point, port, true);
    const store = this.#store;
    const ports: StepPorts = {
      models: { language: () => this.#outside.model, nameOf: () => "simulated", priceOf: () => ({ input: 1, output: 2 }) },
      search: async () => [],
      fetch: invocation.wrap("fetch", this.#outside.fetch, false),
      workflow: database("workflow", (idOrName: string, version: number | undefined) => runnableWorkflow(this.#tenant, idOrName, version)),
      secrets: async () => [],
      newId: randomUUID,
      now,
      random: this.#random,
    };
    return {
      store: {
        ...store,
        claim: database("claim", store.claim),
        commit: database("commit", store.commit),
        journal: database("journal", store.journal),
        deliverEvents: database("deliverEvents", store.deliverEvents),
        beginEffect: database("beginEffect", store.beginEffect),
        settleEffect: database("settleEffect", store.settleEffect),
      },
      wake: invocation.wrap("wake", async (wakeUps: readonly WakeUp[]) => this.#send(wakeUps), false),
      live: { show: () => undefined, flush: async () => undefined },
      observe: { superstepCommitted: () => undefined, stepFailed: () => undefined },
      portsOf: () => ports,
      now,
      programOf: (_ref, held) => definitionProgram(v.parse(Definition, held.definition), held.part?.fragment),
      budget: { budgetMs: this.#random() < 0.5 ? 0 : 20_000, limit: 25 },
      leaseMs: LEASE_MS,
    };
  }

  /** People answer what is open, two at the same moment; events come, also for nobody yet. */
  async #act(): Promise<void> {
    const { workspaceId } = this.#tenant;
    const [open, events] = await this.#tenant.batch((query) => [
      query.selectFrom("approvals").select(["id", "run_id", "subject", "subject_id"]).where("status", "=", "open"),
      query.selectFrom("waits").select("key").where("kind", "=", "event").where("status", "=", "open"),
    ]);
    for (const { id, run_id: runId, subject, subject_id: subjectId } of open) {
      const action = subject === "step" ? "approve" : this.#answerFor(subjectId ?? "");
      const decision = { approvalId: id, action, by: { kind: "person", id: "simulated" } };
      const owed = (await Promise.all([storeDecision(this.#tenant, runId, decision), storeDecision(this.#tenant, runId, decision)])).filter((answer) => answer !== undefined);
      this.#decided += owed.length;
      this.#trace.push(`${action} for ${subject} of ${runId.slice(0, 8)}`);
      this.#send(owed.map((wakeUp) => Object.assign({ workspaceId }, wakeUp)));
    }
    for (const { key } of events) {
      await insertEvent(this.#tenant, { id: randomUUID(), key: key ?? "", payload: "came", source: {} });
      this.#trace.push(`event ${key}`);
      this.#send(await deliverEvents(this.#db, workspaceId, [key ?? ""]));
    }
  }

  /** Whoever is asked looks at the other side first. */
  #answerFor(effectKey: string): "sent" | "retry" {
    const key = effectKey.slice(0, effectKey.lastIndexOf(":"));
    return this.#outside.ledger.has(key) && this.#random() < 0.5 ? "sent" : "retry";
  }

  async #pauseAWhile(): Promise<void> {
    const [rows] = await this.#tenant.batch((query) => [query.selectFrom("agent_sessions").select("id").where("parent_id", "is", null)]);
    const id = rows[0]?.id ?? "";
    if ((await storePause(this.#tenant, id)).kind !== "done") return;
    this.#trace.push("pause");
    if (this.#random() < 0.5) await this.#act();
    const resumed = await storeResume(this.#tenant, id);
    this.#trace.push("resume");
    if (resumed.kind === "done") this.#send(resumed.owed.map((owed) => Object.assign({ workspaceId: this.#tenant.workspaceId }, owed)));
  }

  /** Leases run out, delays pass, whoever stood still goes on, and the sweeper comes by. */
  async #passTime(): Promise<void> {
    const past = new Date(Date.now() - 1000);
    await this.#tenant.batch((query) => [
      query.updateTable("waits").set({ due_at: past }).where("kind", "=", "timer").where("status", "=", "open"),
      query.updateTable("agent_sessions").set({ lease_until: past }).where("lease_by", "is not", null),
      query.updateTable("agent_sessions").set({ due_at: past }).where("due_at", "<", new Date("9999-01-01")).where("finished_at", "is", null),
    ]);
    const stalled = this.#stalled;
    this.#stalled = [];
    for (const goOn of stalled) goOn();
    await this.#sweep();
  }

  async #sweep(): Promise<number> {
    const { workspaceId } = this.#tenant;
    const owed = (await sweepRuns(this.#db.system, -1000, 100_000)).filter((run) => run.workspaceId === workspaceId);
    this.#send(owed);
    return owed.length;
  }

  async #hasEnded(runId: string): Promise<boolean> {
    const [rows] = await this.#tenant.batch((query) => [query.selectFrom("agent_sessions").select("finished_at").where("id", "=", runId)]);
    return rows[0]?.finished_at !== null;
  }

  /** What is still under way comes to nothing, and finds that out. */
  async #quieten(): Promise<void> {
    for (let round = 0; this.#messages.length > 0 && round < MOST_ROUNDS; round += 1) {
      const [batch, rest] = this.#draw();
      this.#messages = rest;
      await Promise.all(batch.map((message) => this.#begin(message)));
      for (const goOn of this.#stalled.splice(0)) goOn();
    }
    // One that goes on may stand still again.
    while (this.#underWay.size > 0) {
      for (const goOn of this.#stalled.splice(0)) goOn();
      await Promise.race([...this.#underWay, sleep(2)]);
    }
  }
}
