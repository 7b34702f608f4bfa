import { parseDuration } from "#/agents/definition/format/duration.ts";
import type { CodeStep } from "#/agents/steps/code/type.ts";
import { resolve } from "#/agents/definition/expression/template.ts";
import { runCode } from "#/agents/sandbox/run-code.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** The code blocks its process while it is at work, and with it whatever else the process does. */
const LONGEST_CPU_MS = 5000;
const DEFAULT_CPU_MS = 1000;
const MEMORY_BYTES = 64 * 1024 * 1024;
const OUTPUT_BYTES = 1024 * 1024;

/** The parts of a scope that code sees. Never more: a scope may hold what is not meant to be copied into results, such as secrets. */
const SEEN = ["input", "state", "trigger", "run", "item"] as const;

type CodePlace = Pick<Task, "scope" | "signal">;

/** Runs the code of a step. Nothing is journaled: code reaches nothing outside, so that running it again costs nothing. @throws CodeError */
export async function runCodeStep(step: CodeStep, task: CodePlace): Promise<StepResult> {
  const given = step.input === undefined ? {} : { input: resolve(step.input, task.scope) ?? null };
  const variables = { ...pickSeen(task), ...given };
  const { value, printed } = await runCode(step.source, variables, makeLimits(task, chooseCpuMs(step)));
  return { value, input: { ...given, ...(printed.length > 0 && { printed }) } };
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
