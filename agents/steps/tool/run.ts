import type { ToolStep } from "#/agents/steps/tool/type.ts";
import { secretNamesIn } from "#/agents/definition/check/secret-names.ts";
import { resolve } from "#/agents/definition/expression/template.ts";
import { type Secrets, readSecrets } from "#/agents/steps/secrets.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { approvedInput, decideRule } from "#/agents/steps/tool/approval.ts";
import { findTools } from "#/agents/steps/tool/find-tools.ts";
import { callTool } from "#/agents/steps/tool/call.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** One call of a tool with given input, without a model. @throws StepError */
export async function runTool(step: ToolStep, task: Task): Promise<StepResult> {
  const [known] = await findTools(task, [step.tool]);
  if (!known) throw new StepError("unknown-tool", `There is no tool named ${step.tool}.`);
  if (!known.sendsToHosts && secretNamesIn(step).length > 0) {
    throw new StepError(
      "secret-elsewhere",
      `Secrets go only to the hosts they are bound to, and ${step.tool} sends to none. Take the secret out of the step's input.`,
    );
  }
  const secrets = await readSecrets(step, task);
  return secrets.keep(async () => {
    const read = known.readInput(resolve(step.input, secrets.scope));
    if (!read.ok)
      throw new StepError("tool-input", `The input of ${step.tool} does not fit: ${read.misfits.join("; ")}`);
    const approved = approvedInput(task, known, {
      input: read.input,
      shown: shownInput(step, secrets, read.input),
      // Its author has written the call: nobody needs to be asked unless somebody said so.
      rule: decideRule({ policy: step.toolPolicy, writes: "auto" }, known, read.input),
      reveal: secrets.reveal,
    });
    const value = await callTool(task, known, { ...approved, secrets });
    return { value, input: { tool: step.tool, input: approved.shown } };
  });
}

/** The input with stand-ins for secrets. Where those make no sense, as in the middle of a calculation, they are put in afterwards. */
function shownInput(step: ToolStep, { scope, shown, mask }: Secrets, input: unknown): unknown {
  if (scope === shown) return input;
  try {
    return resolve(step.input, shown);
  } catch {
    return mask(input);
  }
}
