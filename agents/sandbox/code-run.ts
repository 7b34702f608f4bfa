import type { QuickJSHandle, VmCallResult } from "quickjs-emscripten-core";
import { CodeError, type CodeErrorCode, type CodePosition } from "#/agents/sandbox/code-error.ts";
import { CpuBudget, OutOfTime } from "#/agents/sandbox/cpu-budget.ts";
import type { Machine } from "#/agents/sandbox/machine.ts";
import type { IssuedCall, SettledCall } from "#/agents/sandbox/call-queue.ts";
import { CALLS_PRELUDE } from "#/agents/sandbox/calls-prelude.ts";
import { type Beginning, MOST_CALLS, MOST_INPUT_LENGTH, nameCalls } from "#/agents/sandbox/code-calls.ts";
import { PRELUDE } from "#/agents/sandbox/prelude.ts";
import { PrintedLines } from "#/agents/sandbox/printed-lines.ts";
import {
  CLOSING,
  chooseErrorCode,
  endsEarly,
  FILE_NAME,
  OPENING,
  parseThrown,
  findPlace,
  sayThrown,
  type Thrown,
} from "#/agents/sandbox/thrown.ts";

export interface CodeLimits {
  /** Time at work. The code blocks its process for this long, so keep it short. */
  readonly cpuMs: number;
  /** The bytes that the code's objects may take. The process gives up to twice that and 16 MB. */
  readonly memoryBytes: number;
  /** The result, as JSON. */
  readonly outputBytes: number;
}

/** Room to say what happened when time or memory are used up. */
const DESCRIBE_MS = 50;
const DESCRIBE_BYTES = 1024 * 1024;

/** Promise callbacks at a time, before others get a turn. */
const JOBS = 1000;

type Stage = "reading" | "running";

/** The functions that the prelude gives. */
interface Kit {
  readonly toJson: QuickJSHandle;
  readonly describe: QuickJSHandle;
}

/** The tools that code may call, and the world as it sees it. */
interface CallSetting extends Beginning {
  readonly names: readonly string[];
}

/** The progress of the code: done, with its result as JSON; waiting for the answer of a call; or in the middle of its work. */
type Progress = { readonly is: "done"; readonly text: string } | { readonly is: "calling" | "working" };

/** One piece of code in one machine, to be used once. Whatever the code does wrong comes out as a CodeError. */
export class CodeRun {
  readonly #machine: Machine;
  readonly #source: string;
  readonly #limits: CodeLimits;
  readonly #budget: CpuBudget;
  readonly #printed = new PrintedLines();
  #kit: Kit | undefined;
  #settle: QuickJSHandle | undefined;
  #issued: IssuedCall[] = [];
  #made = 0;
  #openCalls = 0;
  #isInterrupted = false;

  constructor(machine: Machine, source: string, limits: CodeLimits) {
    this.#machine = machine;
    this.#source = source;
    this.#limits = limits;
    this.#budget = new CpuBudget(limits.cpuMs);
    machine.runtime.setInterruptHandler(() => {
      this.#isInterrupted ||= this.#budget.isSpent();
      return this.#isInterrupted;
    });
  }

  get printed(): readonly string[] {
    return this.#printed.lines;
  }

  /** Puts the variables (a JSON object) into the machine and begins. Gives the promise of the result. @throws CodeError */
  begin(variables: string, calls?: CallSetting): QuickJSHandle {
    const { context } = this.#machine;
    const prelude = this.#enter(() => context.evalCode(PRELUDE, "prelude.js"));
    const print = context.newFunction("print", (line) => {
      if (!this.#printed.isFull) this.#printed.add(context.getString(line));
    });
    const kit = this.#enter(() =>
      context.callFunction(prelude, context.undefined, print, context.newString(variables)),
    );
    this.#kit = { toJson: context.getProp(kit, "toJson"), describe: context.getProp(kit, "describe") };
    if (calls) this.#offerCalls(calls, this.#kit.toJson);
    return this.#enter(() => context.evalCode(`${OPENING}${this.#source}${CLOSING}`, FILE_NAME), "reading");
  }

  /** Notes the calls of the code, which are made when the machine rests: our work is not to be stopped by its clocks. */
  #offerCalls({ names, ...beginning }: CallSetting, toJson: QuickJSHandle): void {
    const { context } = this.#machine;
    const offer = this.#enter(() => context.evalCode(CALLS_PRELUDE, "calls.js"));
    const call = context.newFunction("call", (name, text) => {
      this.#note({ name: context.getString(name), text: context.getString(text) });
    });
    const setting = { ...beginning, names: nameCalls(names), most: MOST_CALLS, longest: MOST_INPUT_LENGTH };
    const given = context.newString(JSON.stringify(setting));
    const offered = this.#enter(() => context.callFunction(offer, context.undefined, call, toJson, given));
    this.#settle = context.getProp(offered, "settle");
  }

  /** The prelude says in words what is too much. Whatever gets round it is not noted. */
  #note(call: IssuedCall): void {
    if (this.#made >= MOST_CALLS || call.text.length > MOST_INPUT_LENGTH) return;
    this.#made += 1;
    this.#openCalls += 1;
    this.#issued.push(call);
  }

  /** Returns the calls that the code has made since this was asked last. */
  takeIssued(): readonly IssuedCall[] {
    const issued = this.#issued;
    this.#issued = [];
    return issued;
  }

  /** Hands the answer of a call over. @throws CodeError */
  settle({ index, isAnswer, text }: SettledCall): void {
    const { context } = this.#machine;
    const settle = this.#settle ?? context.undefined;
    this.#openCalls -= 1;
    this.#enter(() =>
      context.callFunction(
        settle,
        context.undefined,
        context.newNumber(index),
        isAnswer ? context.true : context.false,
        context.newString(text),
      ),
    );
  }

  /** Runs some promise callbacks, unless the promise is settled. @throws CodeError */
  advance(promise: QuickJSHandle): Progress {
    const { context, runtime } = this.#machine;
    const state = context.getPromiseState(promise);
    if (state.type === "fulfilled") return { is: "done", text: this.#read(state.value) };
    if (state.type === "rejected") throw this.#failure(state.error, "running");
    if (!runtime.hasPendingJob() && this.#openCalls > 0) return { is: "calling" };
    if (!runtime.hasPendingJob())
      throw this.#error("code-threw", "The code waits for a promise that nothing will ever settle.");
    const done = this.#spend(() => runtime.executePendingJobs(JOBS));
    if (done.error) throw this.#failure(done.error, "running");
    // A callback that was interrupted may leave no trace but a promise that is never settled.
    if (this.#isInterrupted) throw this.#outOfTime();
    return { is: "working" };
  }

  #read(result: QuickJSHandle): string {
    const { context } = this.#machine;
    const toJson = this.#kit?.toJson ?? context.undefined;
    const text = context.getString(
      this.#enter(() => context.callFunction(toJson, context.undefined, result)),
    );
    const bytes = Buffer.byteLength(text);
    if (bytes <= this.#limits.outputBytes) return text;
    throw this.#error(
      "code-output",
      `The result is ${bytes} bytes of JSON, and a step may give ${this.#limits.outputBytes}. Return less.`,
    );
  }

  #enter(act: () => VmCallResult<QuickJSHandle>, stage: Stage = "running"): QuickJSHandle {
    const result = this.#spend(act);
    if (result.error) throw this.#failure(result.error, stage);
    return result.value;
  }

  /** All that runs in the machine runs through here. */
  #spend<T>(act: () => T): T {
    try {
      return this.#budget.spend(act);
    } catch (cause) {
      throw this.#breakdown(cause);
    }
  }

  /** The machine itself gave up, in the middle of its work; it cannot be asked anything any more. */
  #breakdown(cause: unknown): unknown {
    if (cause instanceof OutOfTime) return this.#outOfTime();
    if (cause instanceof RangeError)
      return this.#error("code-threw", "The recursion, or the nesting of a value, is too deep.");
    if (cause instanceof WebAssembly.RuntimeError)
      return this.#error("code-memory", `The sandbox broke down: ${cause.message}`);
    return cause;
  }

  #failure(error: QuickJSHandle, stage: Stage): CodeError {
    const thrown = this.#describe(error);
    const place = thrown && findPlace(thrown, this.#source);
    if (this.#isInterrupted) return this.#outOfTime(place);
    // Nothing of ours fails before the prelude stands, except for lack of room for the variables.
    if (!this.#kit || this.#isLackOfMemory(error, thrown)) return this.#outOfMemory(place);
    if (!thrown) return this.#error("code-threw", "The code threw something that cannot be shown.");
    const code = chooseErrorCode(thrown, stage);
    if (code === "code-memory") return this.#outOfMemory(place);
    if (code === "code-output") return this.#error(code, `The result cannot be kept: ${thrown.message}.`);
    if (code === "code-syntax" && endsEarly(thrown, this.#source))
      return this.#error(code, "The code ends too early: a bracket or a text is not closed.");
    return this.#error(code, sayThrown(thrown), place);
  }

  /** Asks the machine what was thrown, with a little more time and memory. Nothing if even that is not enough. */
  #describe(error: QuickJSHandle): Thrown | undefined {
    if (!this.#kit) return undefined;
    const { describe } = this.#kit;
    const { context, runtime } = this.#machine;
    const wasInterrupted = this.#isInterrupted;
    this.#isInterrupted = false;
    this.#budget.extend(DESCRIBE_MS);
    runtime.setMemoryLimit(this.#limits.memoryBytes + DESCRIBE_BYTES);
    try {
      const described = this.#budget.spend(() => context.callFunction(describe, context.undefined, error));
      return described.error ? undefined : parseThrown(context.getString(described.value));
    } catch {
      return undefined;
    } finally {
      this.#isInterrupted ||= wasInterrupted;
    }
  }

  /** QuickJS throws null when there is no room left for an error. A heap does not shrink: it tells how full it was. */
  #isLackOfMemory(error: QuickJSHandle, thrown: Thrown | undefined): boolean {
    const { context, memoryBytes } = this.#machine;
    return (!thrown || context.eq(error, context.null)) && memoryBytes() >= this.#limits.memoryBytes;
  }

  #outOfTime(place?: CodePosition): CodeError {
    return this.#error("code-time", `The code was at work for more than ${this.#limits.cpuMs} ms.`, place);
  }

  #outOfMemory(place?: CodePosition): CodeError {
    const megabytes = Math.round(this.#limits.memoryBytes / 1024 / 1024);
    return this.#error("code-memory", `The code needs more than ${megabytes} MB of memory.`, place);
  }

  #error(code: CodeErrorCode, message: string, place?: CodePosition): CodeError {
    return new CodeError(code, message, { place, printed: this.printed });
  }
}
