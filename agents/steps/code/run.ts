import * as v from "valibot";
import { parseDuration } from "#/agents/definition/format/duration.ts";
import type { CodeStep } from "#/agents/steps/code/type.ts";
import { resolve } from "#/agents/definition/expression/template.ts";
import { Beginning, type CodeCalls, drawBeginning } from "#/agents/sandbox/code-calls.ts";
import { runCode } from "#/agents/sandbox/run-code.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";
import { offeredTools } from "#/agents/steps/tool/approval.ts";
import { makeInnerTools } from "#/agents/steps/tool/inner-calls.ts";

/** The code blocks its process while it is at work, and with it whatever else the process does. */
const LONGEST_CPU_MS = 5000;
const DEFAULT_CPU_MS = 1000;
const MEMORY_BYTES = 64 * 1024 * 1024;
const OUTPUT_BYTES = 1024 * 1024;

/** The parts of a scope that code sees. Never more: a scope may hold what is not meant to be copied into results, such as secrets. */
const SEEN = ["input", "state", "trigger", "run", "item"] as const;

type CodePlace = Pick<Task, "scope" | "signal">;

/**
 * Runs the code of a step. Of the code itself nothing is journaled: running it again costs nothing. Its calls of tools are, each by itself.
 * @throws CodeError; what a call throws that ends the step for now
 */
export async function runCodeStep(step: CodeStep, task: Task): Promise<StepResult> {
  const given = step.input === undefined ? {} : { input: resolve(step.input, task.scope) ?? null };
  const variables = { ...pickSeen(task), ...given };
  const calls = step.tools && (await openCalls(task, step.tools, step.toolPolicy));
  const { value, printed } = await runCode(step.source, variables, {
    ...makeLimits(task, chooseCpuMs(step)),
    calls,
  });
  return { value, input: { ...given, ...(printed.length > 0 && { printed }) } };
}

/** Its author has written the calls: nobody needs to be asked unless somebody said so. */
async function openCalls(
  task: Task,
  names: readonly string[],
  policy: CodeStep["toolPolicy"],
): Promise<CodeCalls> {
  const callable = { names, policy, isComputed: false, writes: "auto" } as const;
  const inner = makeInnerTools(task, { ...callable, offered: await offeredTools(task, callable) });
  const draw = async () => drawBeginning(task.ports.now());
  const beginning = v.parse(Beginning, await task.once("beginning", draw, null));
  return { ...beginning, names: inner.tools.map(({ name }) => name), call: inner.call };
}

/** Runs code that stands in another step, on what that step sees and on variables of its own. @throws CodeError */
export function runSmallCode(source: string, task: CodePlace, variables: Readonly<Record<string, unknown>>) {
  return runCode(source, { ...pickSeen(task), ...variables }, makeLimits(task, DEFAULT_CPU_MS));
}

const pickSeen = ({ scope }: CodePlace): Readonly<Record<string, unknown>> =>
  Object.fromEntries(SEEN.flatMap((name) => (scope[name] === undefined ? [] : [[name, scope[name]]])));

const makeLimits = ({ signal }: CodePlace, cpuMs: number) => ({
  cpuMs,
  memoryBytes: MEMORY_BYTES,
  outputBytes: OUTPUT_BYTES,
  signal,
});

function chooseCpuMs({ timeout }: CodeStep): number {
  return timeout === undefined ? DEFAULT_CPU_MS : Math.min(LONGEST_CPU_MS, parseDuration(timeout));
}
