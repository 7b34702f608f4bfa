import type { ToolPins } from "#/agents/definition/format/fields.ts";
import { GraphDrained, isGraphDrained, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { CheckpointBuffer, type CheckpointRows } from "#/agents/langgraph/checkpoint/buffer.ts";
import type { GraphCall, FixedScope } from "#/agents/langgraph/compile/graph-call.ts";
import { BRANCH, type CompiledGraph, SENT } from "#/agents/langgraph/compile/loose-graph.ts";
import { STARTED, type Update } from "#/agents/steps/node.ts";
import type { ParkedTask } from "#/agents/langgraph/compile/parked-task.ts";
import { TooMuchWork } from "#/agents/definition/work.ts";
import type { Limits } from "#/agents/definition/format/definition.ts";
import type { Outcome, RunError } from "#/agents/engine/run.ts";
import { outputProblem, stateProblem } from "#/agents/runner/kept-result.ts";
import { interruptedTasks } from "#/agents/runner/interrupted-tasks.ts";
import type { HeldRun } from "#/agents/runner/runner-ports.ts";
import { parkedIn, resumeParked, sentIn } from "#/agents/runner/parked-tasks.ts";
import { PublicState } from "#/agents/runner/public-state.ts";
import { Superstep, type SuperstepContext } from "#/agents/runner/superstep.ts";

/** The program that a run executes: its graph, and what its output is. It serves all runs of a version. */
export interface Program {
  readonly graph: CompiledGraph;
  /** The public state before anything was saved. */
  readonly initialState: Readonly<Record<string, unknown>>;
  readonly limits: Limits | undefined;
  /** Requests to models a minute. */
  readonly maxRpm?: number | undefined;
  /** The tools that its version was published with. */
  readonly toolPins?: ToolPins | undefined;
  /** @throws when an output expression cannot be evaluated */
  readonly resolveOutput: (state: Readonly<Record<string, unknown>>, scope: FixedScope) => unknown;
}

export interface SuperstepResult {
  readonly outcome: Outcome;
  readonly superstep: Superstep;
  readonly rows: CheckpointRows;
  /** Undefined when it is what the last commit already stored. */
  readonly state: Readonly<Record<string, unknown>> | undefined;
  readonly consumed: readonly string[];
}

export interface InvocationPorts {
  /** The state of the run that this one executes a part of. */
  readonly outerState: Readonly<Record<string, unknown>>;
  /** Makes what the next superstep needs. Called once for each. */
  readonly makeContext: () => Omit<SuperstepContext, "scope" | "state" | "isAlone">;
  /** Stores a superstep. @returns whether the invocation continues */
  readonly commit: (result: SuperstepResult) => Promise<boolean>;
}

const unreadable = (node: string) =>
  `This run was stored by a version of Cairn that made a step “${node}” of its definition; this version does not. Nothing is lost: start it anew, or go back to that version.`;

/** The invocation's own budget bounds the supersteps; LangGraph's default of 25 would fail a run instead of handing it over. */
const NO_RECURSION_LIMIT = 1_000_000;

/**
 * One run in the hands of one invocation. LangGraph runs as many supersteps as it may in one call; a node of the next superstep
 * starts only when the one before is stored, and not at all when the run is handed over or has been taken away.
 * (One call for each superstep costs 0.6 ms more: LangGraph sets a stream, a loop and its channels up for every call.)
 */
export class Invocation {
  readonly #runId: string;
  readonly #program: Program;
  readonly #scope: FixedScope;
  readonly #ports: InvocationPorts;
  readonly #buffer: CheckpointBuffer;
  readonly #state: PublicState;
  #superstep: Superstep;
  readonly #answers: Readonly<Record<string, unknown>>;
  /** Waits whose answers the superstep at hand takes in. */
  #taken: string[] = [];
  readonly #interrupted: ReadonlyMap<string, ParkedTask>;
  /** The checkpoint on which the nodes of the superstep at hand work. */
  #checkpointId: string | undefined;
  /** The number of tasks that have begun on a checkpoint. All of a superstep begin before any can have failed. */
  #tasks = { checkpointId: "", count: 0 };
  /** The commit between two supersteps. It stays when it does not lead over to the next. */
  #crossing: Promise<boolean> | undefined;

  /** @throws when the checkpoint says something of parked tasks that this engine has not stored */
  constructor(
    runId: string,
    held: HeldRun,
    options: { readonly program: Program; readonly scope: FixedScope; readonly ports: InvocationPorts },
  ) {
    const { program, scope, ports } = options;
    this.#runId = runId;
    this.#program = program;
    this.#scope = scope;
    this.#ports = ports;
    this.#answers = held.answers;
    this.#buffer = new CheckpointBuffer(runId, held.checkpoint);
    this.#interrupted = interruptedTasks(this.#buffer.seededWrites(), held.step, held.answers);
    this.#state = new PublicState(program.initialState);
    this.#superstep = this.#nextSuperstep();
    this.#resume();
  }

  /** Runs supersteps until the run ends, waits, fails or is handed over; all of them are stored then. @throws what a commit throws */
  async run(): Promise<void> {
    const lost = this.#lostNode();
    const error = lost === undefined ? await this.#invoke() : new Error(unreadable(lost));
    if (this.#superstep.broken !== undefined) throw this.#superstep.broken;
    if (this.#crossing) await this.#crossing;
    else await this.#ports.commit(this.#result((state) => this.#decideOutcome(error, state)));
  }

  /**
   * A node that the checkpoint is about to run and that this version of the code does not make of the definition any more. LangGraph would
   * pass it over in silence and the run would end as if it had succeeded.
   */
  #lostNode(): string | undefined {
    const next = [...this.#buffer.newestBlobs()].flatMap(({ channel, type }) =>
      channel.startsWith(BRANCH) && type !== "empty" ? [channel.slice(BRANCH.length)] : [],
    );
    const parked = parkedIn(this.#buffer.newestBlobs()).map(({ node }) => node);
    return [...next, ...parked].find((node) => !(node in this.#program.graph.nodes));
  }

  #resume(): void {
    const row = this.#buffer.newestRow;
    if (!row) return;
    const stored = {
      parked: parkedIn(this.#buffer.newestBlobs()),
      sent: sentIn(this.#buffer.newestBlobs()),
      isFork: row.metadata.source === "fork",
    };
    const { sends, taken } = resumeParked(stored, this.#answers);
    this.#taken.push(...taken);
    if (sends) this.#buffer.change(SENT, sends);
  }

  /** @returns what went wrong in the graph itself */
  async #invoke(): Promise<Error | undefined> {
    const graphCall: GraphCall = {
      scope: this.#scope,
      checkpoints: this.#buffer,
      enter: (config) => this.#enter(config),
      run: async (node, place, config) => {
        const superstep = await this.#enter(config);
        const interrupted = this.#interrupted.get(config.executionInfo?.taskId ?? "");
        if (!interrupted) return superstep.run(node, place);
        if (interrupted.id in this.#answers) this.#taken.push(interrupted.id);
        return superstep.run(node, { ...place, parked: { ...interrupted, node: place.name } });
      },
    };
    const options = {
      configurable: { graphCall, thread_id: this.#runId },
      // The checkpoint is in the buffer before the next superstep's nodes start.
      durability: "sync" as const,
      // Nothing is streamed: nodes report to the superstep.
      streamMode: "custom" as const,
      recursionLimit: NO_RECURSION_LIMIT,
    };
    try {
      await this.#program.graph.invoke(this.#input(), options);
      return undefined;
    } catch (error) {
      if (isGraphDrained(error)) return undefined;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** The input goes in once: with a checkpoint present it would be applied a second time. */
  #input(): Update | null {
    return this.#buffer.isEmpty ? { [STARTED]: true } : null;
  }

  /** The superstep that a node belongs to: the one at hand, or the next one when the node works on another checkpoint. */
  async #enter({ executionInfo }: LangGraphRunnableConfig): Promise<Superstep> {
    if (!executionInfo) throw new Error("LangGraph does not say which checkpoint a node works on.");
    const { checkpointId } = executionInfo;
    this.#checkpointId ??= checkpointId;
    this.#count(checkpointId);
    if (checkpointId !== this.#checkpointId) {
      this.#crossing ??= this.#cross(checkpointId);
      if (!(await this.#crossing)) throw new GraphDrained("handed over");
    }
    return this.#superstep;
  }

  #count(checkpointId: string): void {
    const tasks = checkpointId === this.#tasks.checkpointId ? this.#tasks.count : 0;
    this.#tasks = { checkpointId, count: tasks + 1 };
  }

  /** @returns whether the next superstep may run */
  async #cross(checkpointId: string): Promise<boolean> {
    const goesOn = await this.#ports.commit(
      this.#result(() => ({ kind: "progressed", waits: this.#superstep.waits })),
    );
    if (!goesOn) return false;
    this.#superstep = this.#nextSuperstep();
    this.#checkpointId = checkpointId;
    this.#crossing = undefined;
    return true;
  }

  #nextSuperstep(): Superstep {
    return new Superstep({
      ...this.#ports.makeContext(),
      scope: this.#scope,
      state: () => this.#stateNow(),
      isAlone: () => this.#isAlone(),
    });
  }

  #isAlone(): boolean {
    return this.#tasks.count === 1 && parkedIn(this.#buffer.newestBlobs()).length === 0;
  }

  /** For nodes that get something else than the channels. */
  #stateNow(): Readonly<Record<string, unknown>> {
    const state = new PublicState(this.#program.initialState);
    state.update(this.#buffer.newestBlobs());
    return { ...this.#ports.outerState, ...state.current };
  }

  #result(decideOutcome: (state: Readonly<Record<string, unknown>>) => Outcome): SuperstepResult {
    const tooLarge = stateProblem(this.#buffer.bytesByChannel);
    if (tooLarge !== undefined) return this.#unkept({ code: "state-too-large", message: tooLarge });
    const isChanged = this.#state.update(this.#buffer.newestBlobs());
    const state = this.#state.current;
    const consumed = this.#taken;
    this.#taken = [];
    return {
      outcome: decideOutcome(state),
      superstep: this.#superstep,
      rows: this.#buffer.take(),
      state: isChanged ? state : undefined,
      consumed,
    };
  }

  /** The superstep is not stored: the run stands where it began. */
  #unkept(error: RunError): SuperstepResult {
    return {
      outcome: { kind: "failed", status: "failed", error: this.#superstep.fail(error) },
      superstep: this.#superstep,
      rows: { checkpoints: [], blobs: [], writes: [] },
      state: undefined,
      consumed: [],
    };
  }

  #decideOutcome(error: Error | undefined, state: Readonly<Record<string, unknown>>): Outcome {
    const { failures, waits } = this.#superstep;
    const [failure] = failures;
    if (failure) return { kind: "failed", ...failure };
    // For example an edge condition that cannot be evaluated.
    if (error)
      return {
        kind: "failed",
        status: "failed",
        error: { code: error instanceof TooMuchWork ? error.code : "graph", message: error.message },
      };
    const retry = this.#superstep.retries.toSorted((a, b) => b.afterMs - a.afterMs)[0];
    if (retry) return { kind: "retry", ...retry, waits };
    const parked = parkedIn(this.#buffer.newestBlobs());
    if (parked.length === 0) return this.#finish(state);
    return {
      kind: "waiting",
      waits,
      on: parked.map(({ on }) => on),
      ran: this.#checkpointId !== undefined,
      error: parked.at(-1)?.error,
    };
  }

  #finish(state: Readonly<Record<string, unknown>>): Outcome {
    try {
      const output = this.#program.resolveOutput({ ...this.#ports.outerState, ...state }, this.#scope);
      const problem = outputProblem(output);
      if (problem !== undefined) throw new Error(problem);
      return { kind: "finished", output };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return {
        kind: "failed",
        status: "failed",
        error: {
          code: error instanceof TooMuchWork ? error.code : "output",
          message: `The output could not be made: ${message}`,
        },
      };
    }
  }
}
