import { Validator } from "@cfworker/json-schema";
import { type ModelMessage, Output, jsonSchema, streamText, type ToolSet } from "ai";
import { StepError } from "#/agents/steps/step-error.ts";
import type { ModelUse, Task } from "#/agents/steps/task.ts";

export interface TurnRequest {
  readonly model: string | undefined;
  readonly instructions: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly tools?: ToolSet | undefined;
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly temperature?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
}

export interface ToolCall {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
}

/** One answer of a model, as plain JSON: it is journaled as it is. */
export interface Turn {
  readonly text: string;
  readonly messages: readonly ModelMessage[];
  readonly calls: readonly ToolCall[];
  readonly use: ModelUse;
}

/**
 * One model call, streamed to whoever watches and journaled under the task: a repeated superstep gets the stored answer.
 * The AI SDK does not retry; the queue does.
 * @throws StepError, APICallError
 */
export function modelTurn(task: Task, request: TurnRequest): Promise<Turn> {
  return task.once("model", () => callModel(task, request));
}

async function callModel(task: Task, request: TurnRequest): Promise<Turn> {
  const result = streamText({
    model: task.ports.models.language(request.model),
    messages: [...request.messages],
    maxRetries: 0,
    abortSignal: task.signal,
    ...(request.instructions !== undefined && { instructions: request.instructions }),
    ...(request.tools && { tools: request.tools }),
    ...(request.outputSchema && { output: Output.object({ schema: jsonSchema(request.outputSchema) }) }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.maxOutputTokens !== undefined && { maxOutputTokens: request.maxOutputTokens }),
    // Errors come out of the stream below; the default would print them.
    onError: () => undefined,
  });
  for await (const part of result.stream) {
    if (part.type === "text-delta") task.emitText(part.text);
    if (part.type === "error") throw part.error;
    if (part.type === "abort") throw task.signal.reason;
  }
  const [text, messages, toolCalls, usage] = await Promise.all([result.text, result.responseMessages, result.toolCalls, result.usage]);
  const inputTokens = usage.inputTokens ?? 0;
  const outputTokens = usage.outputTokens ?? 0;
  if (text === "" && toolCalls.length === 0) {
    throw new StepError("model-output", "The model answered with nothing.", { retryable: true });
  }
  const model = task.ports.models.nameOf(request.model);
  const price = task.ports.models.priceOf(model);
  return {
    text,
    messages,
    calls: toolCalls.map(({ toolCallId, toolName, input }) => ({ toolCallId, toolName, input })),
    use: { model, inputTokens, outputTokens, costUsd: (inputTokens * price.input + outputTokens * price.output) / 1e6 },
  };
}

/** The value of a final answer: text, or JSON that fits the schema. @throws StepError when it does not. */
export function answerOf(text: string, outputSchema: Readonly<Record<string, unknown>> | undefined): unknown {
  if (!outputSchema) return text;
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, ""));
  } catch (cause) {
    throw new StepError("model-output", "The model's answer is not JSON, but the step has an output schema.", { retryable: true, cause });
  }
  const { valid, errors } = new Validator(outputSchema, "2020-12").validate(value);
  const first = errors.at(-1);
  if (!valid) {
    throw new StepError("model-output", `The model's answer does not fit the output schema: ${first?.instanceLocation} ${first?.error}`, { retryable: true });
  }
  return value;
}
