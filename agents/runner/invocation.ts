import { Command, isGraphDrained, RunControl } from "@langchain/langgraph";
import { CheckpointBuffer } from "#/agents/checkpoint/buffer.ts";
import { WorkspaceSaver } from "#/agents/checkpoint/saver.ts";
import { publicState } from "#/agents/compile/channels.ts";
import type { CompiledGraph, FixedScope, Wrap } from "#/agents/compile/graph.ts";
import { STARTED } from "#/agents/compile/node.ts";
import type { Outcome, RunError, Wait } from "#/agents/engine/run.ts";
import type { HeldRun } from "#/agents/runner/ports.ts";
import { Superstep, type SuperstepContext } from "#/agents/runner/superstep.ts";

/** What a run executes: how to build its graph, and what its output is. */
export interface Program {
  readonly build: (scope: FixedScope, wrap: Wrap) => { readonly compile: (options: object) => CompiledGraph };
  /** The public state before anything was saved. */
  readonly initialState: Readonly<Record<string, unknown>>;
  /** @throws when an output expression cannot be evaluated */
  readonly outputOf: (state: Readonly<Record<string, unknown>>, scope: FixedScope) => unknown;
}

export interface SuperstepResult {
  readonly outcome: Outcome;
  readonly superstep: Superstep;
  readonly state: Record<string, unknown>;
  readonly consumed: readonly string[];
}

/** One run in the hands of one invocation: its checkpoints in memory, and one superstep at a time. */
export class Invocation {
  readonly buffer: CheckpointBuffer;
  readonly #runId: string;
  readonly #program: Program;
  readonly #scope: FixedScope;
  readonly #graph: CompiledGraph;
  #superstep: Superstep | undefined;
  #answers: Readonly<Record<string, unknown>>;

  constructor(runId: string, held: HeldRun, options: { readonly program: Program; readonly scope: FixedScope }) {
    this.#runId = runId;
    this.#program = options.program;
    this.#scope = options.scope;
    this.#answers = held.answers;
    this.buffer = new CheckpointBuffer(runId, held.checkpoint);
    const wrap: Wrap = (node) => (channels, config) => {
      if (!this.#superstep) throw new Error("A node ran outside a superstep.");
      return this.#superstep.run(node, channels, config);
    };
    // Built once for all supersteps of the invocation.
    this.#graph = options.program.build(options.scope, wrap).compile({ checkpointer: new WorkspaceSaver(this.buffer) });
  }

  /** Runs one superstep of the graph. Nothing of it is stored yet. */
  async step(context: Omit<SuperstepContext, "scope">): Promise<SuperstepResult> {
    const superstep = new Superstep({ ...context, scope: this.#scope });
    const consumed = Object.keys(this.#answers);
    this.#superstep = superstep;
    const ended = await this.#invoke(context.signal);
    const state = this.#state();
    this.#answers = {};
    return { outcome: this.#outcomeOf(ended, superstep, state), superstep, state, consumed };
  }

  async #invoke(signal: AbortSignal): Promise<Ended> {
    const options = {
      // Strict: an answer for an interrupt that is not pending is refused instead of being taken for another one.
      configurable: { thread_id: this.#runId, __pregel_strict_resume: true },
      durability: "sync",
      control: new RunControl(),
      signal,
    };
    try {
      const result = await this.#graph.invoke(this.#input(), options);
      return { kind: "returned", interrupts: (result["__interrupt__"] ?? []) as readonly RaisedInterrupt[] };
    } catch (error) {
      return isGraphDrained(error) ? { kind: "drained" } : { kind: "threw", error };
    }
  }

  /** The input goes in once: with a checkpoint present it would be applied a second time. */
  #input(): unknown {
    if (Object.keys(this.#answers).length > 0) return new Command({ resume: { ...this.#answers } });
    return this.buffer.isEmpty ? { [STARTED]: true } : null;
  }

  #state(): Record<string, unknown> {
    const values = [...this.buffer.newestValues()].filter(([channel]) => channel.startsWith("state."));
    return { ...this.#program.initialState, ...publicState(Object.fromEntries(values.map(([channel, text]) => [channel, JSON.parse(text) as unknown]))) };
  }

  #outcomeOf(ended: Ended, superstep: Superstep, state: Record<string, unknown>): Outcome {
    const [failure] = superstep.failures;
    if (failure) return { kind: "failed", ...failure };
    if (ended.kind === "threw") return { kind: "failed", status: "failed", error: engineError(ended.error) };
    const waits = ended.kind === "returned" ? waitsOf(ended.interrupts) : [];
    const retry = superstep.retries.toSorted((a, b) => b.afterMs - a.afterMs)[0];
    if (retry) return { kind: "retry", ...retry, waits };
    if (waits.length > 0) return { kind: "waiting", waits };
    if (ended.kind === "drained") return { kind: "progressed" };
    return this.#finish(state);
  }

  #finish(state: Record<string, unknown>): Outcome {
    try {
      return { kind: "finished", output: this.#program.outputOf(state, this.#scope) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: "failed", status: "failed", error: { code: "output", message: `The output could not be made: ${message}` } };
    }
  }
}

interface RaisedInterrupt {
  readonly id: string;
  readonly value: Omit<Wait, "id">;
}

type Ended =
  | { readonly kind: "returned"; readonly interrupts: readonly RaisedInterrupt[] }
  | { readonly kind: "drained" }
  | { readonly kind: "threw"; readonly error: unknown };

function waitsOf(interrupts: readonly RaisedInterrupt[]): Wait[] {
  return interrupts.map(({ id, value }) => ({ ...value, id }));
}

/** Something went wrong in the graph itself, for example an edge condition that cannot be evaluated. */
function engineError(error: unknown): RunError {
  const message = error instanceof Error ? error.message : String(error);
  return { code: "graph", message };
}
