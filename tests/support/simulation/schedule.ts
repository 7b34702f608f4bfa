import { setTimeout as sleep } from "node:timers/promises";
import type { WakeUp } from "#/agents/runner/runner-ports.ts";
import { advanceRun } from "#/agents/runner/advance.ts";
import { insertFork } from "#/db/forks.ts";
import { changeLimits } from "#/db/limits.ts";
import { tellMissedBudgets } from "#/db/decisions.ts";
import { insertRun, sweepRuns } from "#/db/run-lifecycle.ts";
import type { Tenant } from "#/db/client.ts";
import { publish } from "#/tests/support/publish.ts";
import { CHILD } from "#/tests/support/simulation/blocks.ts";
import { isInfrastructure } from "#/tests/support/simulation/faults.ts";
import { idFrom, Luck } from "#/tests/support/simulation/luck.ts";
import { People } from "#/tests/support/simulation/people.ts";
import { type Message, Post } from "#/tests/support/simulation/post.ts";
import { type Databases, World } from "#/tests/support/simulation/world.ts";
import { type GeneratedWorkflow, generateWorkflow } from "#/tests/support/simulation/workflows.ts";

/** How often a sweep is tried that finds nothing, as another schedule's may have the run in hand: before people act, and before a wake-up counts as lost. */
const SOON = 8;
const AT_LAST = 25;
/** Deliveries and passages of time before a run counts as stuck. */
const MOST_ROUNDS = 400;
const MONTHLY = { maxTokens: 1_000_000 };

export interface SimulatedRun {
  readonly tenant: Tenant;
  readonly workflow: GeneratedWorkflow;
  readonly runId: string;
  /** A run that was made from it when it had ended. */
  readonly forkId: string | undefined;
  readonly world: World;
}

/** One run of one generated workflow in one unlucky world, and perhaps a run made from it. The same seed makes the same workflow and the same luck. */
export class Schedule {
  readonly #databases: Databases;
  readonly #tenant: Tenant;
  readonly #random: () => number;
  readonly #workflow: GeneratedWorkflow;
  readonly #world: World;
  readonly #people: People;
  readonly #post: Post;
  readonly #trace: string[] = [];
  #stalled: (() => void)[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #invocations = 0;

  constructor(seed: number, databases: Databases, tenant: Tenant) {
    const luck = new Luck(seed);
    const trace = (line: string) => void this.#trace.push(line);
    this.#databases = databases;
    this.#tenant = tenant;
    this.#random = luck.at("schedule");
    this.#workflow = generateWorkflow(luck.at("workflow"));
    const post = new Post(luck.at("post"));
    this.#post = post;
    const send = post.send.bind(post);
    this.#world = new World({ luck, databases, tenant, workflow: this.#workflow, send, trace });
    this.#people = new People({
      random: luck.at("people"),
      db: databases.main,
      tenant,
      outside: this.#world.outside,
      onLimit: this.#workflow.onLimit,
      send,
      trace,
    });
  }

  /** What is played, and what has happened so far. */
  get story(): string {
    return [JSON.stringify(this.#workflow.definition), ...this.#trace].join("\n");
  }

  async run(): Promise<SimulatedRun> {
    const runId = await this.#start();
    await this.#untilEnded(runId);
    await this.#quieten();
    const forkId = await this.#makeFork(runId);
    if (forkId !== undefined) await this.#untilEnded(forkId);
    await this.#quieten();
    return { tenant: this.#tenant, workflow: this.#workflow, runId, forkId, world: this.#world };
  }

  async #start(): Promise<string> {
    const id = idFrom(this.#random);
    if (this.#workflow.hasChild) await this.#publishChild();
    if (this.#random() < 0.1) await changeLimits(this.#tenant, null, { monthly: MONTHLY });
    const version = await publish(this.#tenant, this.#workflow.definition);
    await insertRun(this.#tenant, {
      id,
      agentType: "graph",
      ...version,
      version: 1,
      input: { n: 7 },
      trigger: { kind: "manual" },
    });
    this.#send([{ runId: id, wakes: 1, priority: "normal" }]);
    return id;
  }

  async #publishChild(): Promise<void> {
    const { workflowId } = await publish(this.#tenant, CHILD);
    await this.#tenant.batch((query) => [
      query.updateTable("workflows").set({ name: CHILD.name }).where("id", "=", workflowId),
    ]);
  }

  #send(wakeUps: readonly Omit<Message, "workspaceId" | "messageId" | "retried">[]): void {
    this.#post.send(wakeUps.map((wakeUp) => ({ workspaceId: this.#tenant.workspaceId, ...wakeUp })));
  }

  /** A retry, a fork from some superstep, or a replay. Whoever asks has mended what was broken. */
  async #makeFork(origin: string): Promise<string | undefined> {
    const { ending, endingOfFork } = this.#workflow;
    if (endingOfFork === undefined || (ending.status !== "failed" && this.#random() > 0.25)) return undefined;
    this.#world.outside.isMended = true;
    const [rows] = await this.#tenant.batch((query) => [
      query.selectFrom("agent_sessions").select(["step", "status"]).where("id", "=", origin),
    ]);
    const { step, status } = rows[0] ?? { step: 0, status: "" };
    const place = this.#random();
    const fresh = place < 0.3;
    const superstep =
      fresh || step === 0 || (status !== "succeeded" && place < 0.7)
        ? null
        : Math.floor(this.#random() * step);
    const isReplay = fresh || (superstep === null && status === "succeeded");
    const id = idFrom(this.#random);
    this.#trace.push(isReplay ? "replay" : superstep === null ? "retry" : `fork from superstep ${superstep}`);
    const forked = await insertFork(this.#tenant, {
      id,
      origin,
      superstep,
      fresh: isReplay,
      state: {},
      reuses: true,
      trigger: { kind: "manual" },
    });
    if (!("runId" in forked)) throw new Error(`The fork was refused: ${forked.refused}`);
    this.#send([forked]);
    return id;
  }

  async #untilEnded(runId: string): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS && !this.#world.ended.has(runId); round += 1)
      await this.#round(runId);
  }

  /** Delivers some of what there is, in any order; with nothing to deliver, people act and time passes. */
  async #round(runId: string): Promise<void> {
    const batch = this.#post.draw();
    if (batch.length > 0) await Promise.all(batch.map((message) => this.#begin(message)));
    if (this.#random() < 0.1) await this.#people.pauseAWhile(runId);
    if (batch.length > 0 && this.#random() < 0.8) return;
    await this.#people.act();
    if (this.#post.isEmpty) await this.#passTime(runId);
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
    const untilLater = () => {
      onStandstill();
      return new Promise<void>((resolve) => void this.#stalled.push(resolve));
    };
    const answer = await advanceRun(this.#world.runner(name, { untilLater }), message, message).catch(
      (error: unknown) => {
        if (!isInfrastructure(error)) throw error;
        return { status: 500 };
      },
    );
    if (answer.status !== 200) this.#post.again(message);
  }

  /** Leases run out, delays pass, connections die, whoever stood still continues, and the sweeper comes by. */
  async #passTime(runId: string): Promise<void> {
    const past = new Date(Date.now() - 1000);
    await this.#tenant.batch((query) => [
      query
        .updateTable("waits")
        .set({ due_at: past })
        .where("kind", "=", "timer")
        .where("status", "=", "open"),
      query.updateTable("agent_sessions").set({ lease_until: past }).where("lease_by", "is not", null),
      query
        .updateTable("agent_sessions")
        .set({ due_at: past })
        .where("due_at", "<", new Date("9999-01-01"))
        .where("finished_at", "is", null),
    ]);
    if (this.#random() < 0.02) await endConnections(this.#databases);
    const isStill = this.#underWay.size === 0 && !this.#world.ended.has(runId);
    this.#goOn();
    const owed = await this.#sweep(SOON);
    // Every delay is over, and whoever is asked since people last looked answers in the next round.
    const isLost = isStill && owed.length === 0 && !(await this.#isAsking());
    const late = isLost ? await this.#sweep(AT_LAST) : [];
    if (isLost && late.length === 0) await this.#expectEnded(runId);
    this.#send([...owed, ...late]);
  }

  /** The answer to the last commit may be lost with its connection. */
  async #expectEnded(runId: string): Promise<void> {
    const [runs, waits] = await this.#tenant.batch((query) => [
      query
        .selectFrom("agent_sessions")
        .select([
          "id",
          "parent_id",
          "status",
          "epoch",
          "step",
          "wakes",
          "woken_at",
          "due_at",
          "lease_by",
          "lease_until",
          "finished_at",
        ]),
      query
        .selectFrom("waits")
        .select(["run_id", "id", "kind", "status", "due_at"])
        .where("status", "<>", "consumed"),
    ]);
    if (runs.some(({ id, finished_at }) => id === runId && finished_at !== null))
      this.#world.ended.add(runId);
    else
      throw new Error(
        `The run has not ended, and nobody will ever be woken for it: ${JSON.stringify({ runs, waits })}`,
      );
  }

  /** Whether a question or an event is open. */
  async #isAsking(): Promise<boolean> {
    const [open] = await this.#tenant.batch((query) => [
      query
        .selectFrom("waits")
        .select("id")
        .where("kind", "in", ["approval", "event"])
        .where("status", "=", "open"),
    ]);
    return open.length > 0;
  }

  /** What the tick does: tells whoever waits for a decided budget, and finds runs that are owed a wake-up. One that another schedule's sweep has in hand is found a moment later. */
  async #sweep(most: number): Promise<readonly WakeUp[]> {
    const { workspaceId } = this.#tenant;
    await tellMissedBudgets(this.#databases.main, 1000);
    for (let tries = 0; tries < most; tries += 1) {
      const owed = (await sweepRuns(this.#databases.main.system, -1000, 100_000)).filter(
        (run) => run.workspaceId === workspaceId,
      );
      if (owed.length > 0) return owed;
      await sleep(10 * tries);
    }
    return [];
  }

  #goOn(): void {
    for (const goOn of this.#stalled.splice(0)) goOn();
  }

  /** What is still under way comes to nothing, and finds that out. */
  async #quieten(): Promise<void> {
    for (let round = 0; !this.#post.isEmpty && round < MOST_ROUNDS; round += 1) {
      await Promise.all(this.#post.draw().map((message) => this.#begin(message)));
      this.#goOn();
    }
    // One that continues may stand still again.
    while (this.#underWay.size > 0) {
      this.#goOn();
      await Promise.race([...this.#underWay, sleep(2)]);
    }
  }
}

/** The single connection of the poor pool dies, whatever it is used for. */
async function endConnections({ main }: Databases): Promise<void> {
  await main.call("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [
    POOR,
  ]);
}

export const POOR = "poor";
