import { setImmediate } from "node:timers/promises";
import { CallQueue } from "#/agents/sandbox/call-queue.ts";
import type { CodeCalls } from "#/agents/sandbox/code-calls.ts";
import { CodeError } from "#/agents/sandbox/code-error.ts";
import { type CodeLimits, CodeRun } from "#/agents/sandbox/code-run.ts";
import { startMachine } from "#/agents/sandbox/machine.ts";

interface CodeOptions extends CodeLimits {
  readonly signal: AbortSignal;
  /** Without it, the code reaches nothing outside. */
  readonly calls?: CodeCalls | undefined;
}

interface CodeResult {
  readonly value: unknown;
  readonly printed: readonly string[];
}

/**
 * Runs the body of an (async) function in a world of its own: JavaScript's own objects, the variables, `console.log`, and nothing else.
 * Variables go in and the result comes out as JSON; `undefined` becomes null. Two calls share nothing.
 *
 * With `calls` the code has `tools`, too, and waits for their answers without time at work. It sees a fixed time and fixed random numbers then, so that it
 * makes the same calls whenever it is run again.
 *
 * The code runs in this thread and blocks it for at most `cpuMs` and 50 ms. A call takes 6 ms (median of 300), plus what the code takes.
 * @throws CodeError for whatever the code does wrong; the signal's reason when it is aborted between two promise callbacks; what a call throws
 */
export async function runCode(
  source: string,
  variables: Readonly<Record<string, unknown>>,
  options: CodeOptions,
): Promise<CodeResult> {
  const { signal, calls, ...limits } = options;
  signal.throwIfAborted();
  const machine = await startMachine(limits.memoryBytes);
  const run = new CodeRun(machine, source, limits);
  const queue = new CallQueue(calls?.call ?? noCalls);
  try {
    const promise = run.begin(JSON.stringify(variables), calls);
    const text = await runToEnd(run, promise, { queue, signal });
    // What the code has called without waiting for it belongs to it all the same.
    while (!queue.isEmpty) await queue.next();
    return { value: parse(text, run.printed), printed: run.printed };
  } finally {
    await queue.finish();
  }
}

const noCalls: CodeCalls["call"] = () => Promise.reject(new Error("This code cannot call anything."));

interface Surroundings {
  readonly queue: CallQueue;
  readonly signal: AbortSignal;
}

async function runToEnd(
  run: CodeRun,
  promise: ReturnType<CodeRun["begin"]>,
  { queue, signal }: Surroundings,
): Promise<string> {
  for (;;) {
    const progress = run.advance(promise);
    queue.add(run.takeIssued());
    if (progress.is === "done") return progress.text;
    if (progress.is === "calling") run.settle(await queue.next());
    else await setImmediate();
    signal.throwIfAborted();
  }
}

/** Deeper values would break what handles them later: everything that walks a value recursively. */
const DEEPEST = 200;

function parse(text: string, printed: readonly string[]): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (!isDeeperThan(DEEPEST, value)) return value;
  } catch {
    throw new CodeError("code-output", "The result cannot be kept: it is not JSON.", { printed });
  }
  throw new CodeError(
    "code-output",
    `The result cannot be kept: it is nested more than ${DEEPEST} levels deep.`,
    { printed },
  );
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(levels - 1, item));
}
