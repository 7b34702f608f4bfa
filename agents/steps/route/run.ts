import * as v from "valibot";
import type { RouteStep } from "#/agents/steps/route/type.ts";
import { pickModel } from "#/agents/definition/format/fields.ts";
import { renderText } from "#/agents/definition/expression/template.ts";
import { parseAnswer, modelTurn } from "#/agents/models/model-turn.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

const Choice = v.object({ route: v.string(), reason: v.optional(v.string(), "") });

/** A model picks one of the routes. The value is `{route, reason}`; conditions of the step's edge look at it. @throws StepError, APICallError */
export async function runRoute(step: RouteStep, task: Task): Promise<StepResult> {
  const prompt = renderText(step.prompt, task.scope);
  const names = Object.keys(step.routes);
  const list = Object.entries(step.routes).map(
    ([name, when]) => `- ${name}: ${renderText(when, task.scope)}`,
  );
  const instructions = ["Choose the one route that fits the request best. The routes are:", ...list].join(
    "\n",
  );
  const outputSchema = {
    type: "object",
    required: ["route"],
    properties: {
      route: { type: "string", enum: names, description: list.join("\n") },
      reason: { type: "string" },
    },
    additionalProperties: false,
  };
  const turn = await modelTurn(task, {
    ...pickModel(step),
    instructions,
    messages: [{ role: "user", content: prompt }],
    outputSchema,
    mustAnswer: true,
  });
  const choice = v.parse(Choice, parseAnswer(turn.text, outputSchema));
  if (!names.includes(choice.route)) {
    throw new StepError(
      "model-output",
      `The model chose “${choice.route}”, which is none of: ${names.join(", ")}.`,
      { retryable: true },
    );
  }
  return { value: choice, input: { prompt, routes: names }, use: turn.use };
}
