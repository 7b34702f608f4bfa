import * as v from "valibot";
import { RETRY_DEFAULTS } from "#/agents/engine/failure.ts";
import type { CallOutcome, CodeCall } from "#/agents/sandbox/code-calls.ts";
import { isParking } from "#/agents/steps/parking.ts";
import { noSecrets } from "#/agents/steps/secrets.ts";
import { StepError, toStepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import { type AgentTools, approvedInput, decideRule } from "#/agents/steps/tool/approval.ts";
import { callTool } from "#/agents/steps/tool/call.ts";
import type { InnerTools, Tool } from "#/agents/tools/tool.ts";
import type { ToolEffect } from "#/agents/vocabulary/tool.ts";
import { hashJson } from "#/lib/json-hash.ts";

interface Callable extends AgentTools {
  /** Those among the names that are offered. */
  readonly offered: readonly Tool[];
}

/** Makes what a task may call from within code: what it was offered, each call journaled by itself and under its own rule. */
export const makeInnerTools = (task: Task, callable: Callable): InnerTools => ({
  tools: callable.offered,
  call: (call) => callInner(task, callable, call),
});

const Ended = v.variant("ok", [
  v.object({ ok: v.literal(true), value: v.unknown() }),
  v.object({ ok: v.literal(false), error: v.object({ code: v.string(), message: v.string() }) }),
]);
/** The end of a call, with what was asked: when the code is run again it has to ask the same. */
const Journaled = v.object({
  asked: v.string(),
  shown: v.unknown(),
  ended: Ended,
  startedAt: v.number(),
  durationMs: v.number(),
});

/** Makes one call, once. @throws Parking; StepError when it is worth another try, or is not the call that was made before */
async function callInner(task: Task, callable: Callable, call: CodeCall): Promise<CallOutcome> {
  const known = callable.offered.find(({ name }) => name === call.name);
  if (!known) return refuse(...sayWhyNot(callable, call.name));
  const read = known.readInput(call.input);
  if (!read.ok) return refuse("tool-input", `The input does not fit: ${read.misfits.join("; ")}`);
  const asked = hashJson({ tool: call.name, input: call.input });
  const name = String(call.index);
  const own = toInnerTask(task, name);
  const journaled = v.parse(
    Journaled,
    await task.once(name, () => makeCall(own, known, { callable, input: read.input, asked })),
  );
  requireSame(journaled.asked, asked);
  const { ended, shown, startedAt, durationMs } = journaled;
  const output = ended.ok ? ended.value : { error: ended.error };
  task.tellCall({ name, input: { tool: call.name, input: shown }, output, startedAt, durationMs });
  return ended;
}

const refuse = (code: string, message: string): CallOutcome => ({ ok: false, error: { code, message } });

function sayWhyNot({ names, offered }: Callable, name: string): [code: string, message: string] {
  if (names.includes(name)) return ["denied", `The tool ${name} may not be called here.`];
  const others = offered.map((tool) => tool.name);
  const instead = others.length > 0 ? `You may call: ${others.join(", ")}.` : "There is none to call.";
  return ["unknown-tool", `There is no tool named ${name} here. ${instead}`];
}

/** A task of its own as far as keys are concerned: its journal, its writes to the outside, its questions and their answers. */
const toInnerTask = (task: Task, name: string): Task => ({
  ...task,
  id: `${task.id}:${name}`,
  once: (part, act, asked) => task.once(`${name}:${part}`, act, asked),
  wait: (request) => task.wait({ ...request, asker: name }),
});

interface Making {
  readonly callable: Callable;
  readonly input: unknown;
  readonly asked: string;
}

async function makeCall(task: Task, tool: Tool, { callable, input, asked }: Making) {
  const { now } = task.ports;
  const startedAt = now();
  const rule = decideRule(callable, tool, input);
  // What a person allows is the call that they were shown.
  if (rule !== "auto") requireSame(String(await task.once("asked", async () => asked)), asked);
  const { shown, ended } = await attempt(task, tool, { rule, input });
  return { asked, shown, ended, startedAt, durationMs: Math.max(0, now() - startedAt) };
}

/** The code cannot work with an answer that is larger; a run can keep it. */
const MOST_BYTES = 1024 * 1024;

async function attempt(
  task: Task,
  tool: Tool,
  { rule, input }: { readonly rule: ReturnType<typeof decideRule>; readonly input: unknown },
): Promise<{ readonly shown: unknown; readonly ended: CallOutcome }> {
  let shown = input;
  try {
    const secrets = noSecrets(task);
    const approved = approvedInput(task, tool, { input, shown: input, rule, reveal: secrets.reveal });
    ({ shown } = approved);
    const value = await callTool(task, tool, { ...approved, secrets });
    return { shown, ended: requireSize(value, tool.decideEffect(input)) };
  } catch (error) {
    // What stops the task stops the call: it is made, or asked for, when the task goes on.
    if (isParking(error) || task.signal.aborted) throw error;
    const failure = toStepError(error);
    if (failure.retryable && task.attempt < RETRY_DEFAULTS[tool.decideEffect(input)].attempts) throw failure;
    return { shown, ended: refuse(failure.code, failure.message) };
  }
}

function requireSize(value: unknown, effect: ToolEffect): CallOutcome {
  const bytes = Buffer.byteLength(JSON.stringify(value ?? null));
  if (bytes <= MOST_BYTES) return { ok: true, value };
  const what = `The answer has ${bytes} bytes, and code is given ${MOST_BYTES}.`;
  const instead =
    effect === "read"
      ? "Ask for less, such as one page or a narrower search."
      : "The call was made all the same: do not make it again.";
  return refuse("tool-result", `${what} ${instead}`);
}

function requireSame(before: string, now: string): void {
  if (before === now) return;
  throw new StepError(
    "code-diverged",
    "The code was run again and asked for something else than before, so nothing more was called. Retry the run from this step.",
  );
}
