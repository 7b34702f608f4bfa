import type { PlanStep } from "#/agents/definition/plan/plan.ts";
import { pickModel } from "#/agents/definition/format/fields.ts";
import { renderText } from "#/agents/definition/expression/template.ts";
import { describeFiles, showFiles } from "#/agents/models/call-file.ts";
import { parseAnswer, modelTurn } from "#/agents/models/model-turn.ts";
import { findFiles } from "#/agents/steps/files/find-files.ts";
import { tellFiles } from "#/agents/steps/files/tell-files.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** One model call. @throws StepError, APICallError */
export async function runLlm(step: Extract<PlanStep, { type: "llm" }>, task: Task): Promise<StepResult> {
  const told = await tellFiles(step.toldFiles ?? [], task);
  const prompt = [renderText(step.prompt, task.scope), told].filter(Boolean).join("\n\n");
  const instructions =
    step.instructions === undefined ? undefined : renderText(step.instructions, task.scope);
  const files = await findFiles(step.files ?? [], task);
  const turn = await modelTurn(task, {
    ...pickModel(step),
    instructions,
    messages: [
      files.length === 0
        ? { role: "user", content: prompt }
        : { role: "user", content: [...showFiles(files), { type: "text", text: prompt }] },
    ],
    files,
    outputSchema: step.outputSchema,
    mustAnswer: true,
  });
  return {
    value: parseAnswer(turn.text, step.outputSchema),
    input: {
      prompt,
      ...(instructions !== undefined && { instructions }),
      ...(files.length > 0 && { files: describeFiles(files) }),
    },
    use: turn.use,
  };
}
