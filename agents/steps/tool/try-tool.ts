import { isParking } from "#/agents/steps/parking.ts";
import { Parking, type WaitRequest } from "#/agents/steps/parking.ts";
import { noSecrets } from "#/agents/steps/secrets.ts";
import { StepError, toStepError } from "#/agents/steps/step-error.ts";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import type { Task } from "#/agents/steps/task.ts";
import { callTool } from "#/agents/steps/tool/call.ts";
import type { Tool } from "#/agents/tools/tool.ts";

interface Trial {
  readonly id: string;
  readonly ports: StepPorts;
  readonly input: unknown;
  readonly signal: AbortSignal;
}

/** Calls a tool once for a person who wants to see what it gives: nothing is journaled, and nobody is asked. @throws StepError */
export async function tryTool(tool: Tool, { id, ports, input, signal }: Trial): Promise<unknown> {
  const read = tool.readInput(input);
  if (!read.ok) throw new StepError("tool-input", `The input does not fit: ${read.misfits.join("; ")}`);
  const task = trialTask({ id, ports, signal });
  try {
    return await callTool(task, tool, { input: read.input, shown: read.input, secrets: noSecrets(task) });
  } catch (error) {
    throw isParking(error) ? needsSomebody(tool, error.request) : toStepError(error);
  }
}

function needsSomebody({ name }: Tool, { approval }: WaitRequest): StepError {
  return approval?.subject === "side_effect"
    ? new StepError(
        "unknown",
        `The call of ${name} went out and no answer came back. Look at the other side before you try again.`,
      )
    : new StepError(
        "waits",
        `${name} waits for somebody or something, so it can be seen in a run only: name it in a workflow.`,
      );
}

/** A task of no run. */
function trialTask({ id, ports, signal }: Omit<Trial, "input">): Task {
  return {
    step: "try",
    id,
    run: {
      id,
      workflowId: null,
      versionId: null,
      version: null,
      depth: 0,
      outerState: {},
      isTrial: true,
    },
    attempt: 1,
    signal,
    scope: { input: {}, state: {}, trigger: { kind: "manual" }, run: { id } },
    ports,
    once: (_name, call) => call(),
    recall: () => undefined,
    wait: (request) => {
      throw new Parking(request);
    },
    sideEffects: { begin: async () => "go", settle: async () => "settled" },
    budget: { reserve: async () => undefined, settle: () => undefined, raise: async () => undefined },
    pace: { limits: [], take: async () => 0 },
    emitText: () => undefined,
    showTool: () => undefined,
    tellCall: () => undefined,
  };
}
