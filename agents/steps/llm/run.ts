import type { LlmStep } from "#/agents/steps/llm/type.ts";
import { pickModel } from "#/agents/definition/format/fields.ts";
import { renderText } from "#/agents/definition/expression/template.ts";
import { parseAnswer, modelTurn } from "#/agents/models/model-turn.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** One model call. @throws StepError, APICallError */
export async function runLlm(step: LlmStep, task: Task): Promise<StepResult> {
  const prompt = renderText(step.prompt, task.scope);
  const instructions =
    step.instructions === undefined ? undefined : renderText(step.instructions, task.scope);
  const turn = await modelTurn(task, {
    ...pickModel(step),
    instructions,
    messages: [{ role: "user", content: prompt }],
    outputSchema: step.outputSchema,
    mustAnswer: true,
  });
  return {
    value: parseAnswer(turn.text, step.outputSchema),
    input: { prompt, ...(instructions !== undefined && { instructions }) },
    use: turn.use,
  };
}
