import { jsonSchema, type LanguageModelUsage, type ModelMessage, Output, streamText, type ToolSet } from "ai";
import * as v from "valibot";
import { misfitsOf } from "#/agents/definition/schema-fit.ts";
import { ownCallId, withOwnCallIds } from "#/agents/steps/call-ids.ts";
import { Messages, ToolCall } from "#/agents/steps/conversation.ts";
import type { Spending } from "#/agents/engine/budget.ts";
import { setAside } from "#/agents/steps/spending.ts";
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
  /** Set where nobody would run a tool that the model asks for: it has to answer. */
  readonly mustAnswer?: boolean | undefined;
}

const Turn = v.object({
  text: v.string(),
  messages: Messages,
  calls: v.array(ToolCall),
  use: v.object({ model: v.string(), inputTokens: v.number(), outputTokens: v.number(), costUsd: v.number() }),
});

/** One answer of a model, as plain JSON: it is journaled as it is. */
export type Turn = Readonly<v.InferOutput<typeof Turn>>;

/**
 * One model call, streamed to whoever watches and journaled under the task: a repeated superstep gets the stored answer.
 * The AI SDK does not retry; the queue does.
 * @throws StepError, APICallError
 */
export async function modelTurn(task: Task, request: TurnRequest): Promise<Turn> {
  let isAsked = false;
  const ask = () => {
    isAsked = true;
    return callModel(task, request);
  };
  const { mustAnswer: _, ...asked } = request;
  const turn = v.parse(Turn, await task.once("model", ask, { ...asked, tools: Object.keys(request.tools ?? {}) }));
  // Paid for before a crash, by an invocation whose account is gone with it.
  if (!isAsked) task.budget.settle(task.id, spendingOf(turn));
  return turn;
}

const spendingOf = ({ use }: Turn): Spending => ({ tokens: use.inputTokens + use.outputTokens, costUsd: use.costUsd });

/** Nobody can say beforehand how long an answer will be; a step that knows says `maxOutputTokens`. */
const LONGEST_ANSWER_TOKENS = 4096;
const CHARACTERS_A_TOKEN = 4;

/** What a call may use at most. */
function estimate({ ports }: Task, { model, instructions, messages, tools, outputSchema, maxOutputTokens = LONGEST_ANSWER_TOKENS }: TurnRequest): Spending {
  const asked = JSON.stringify([instructions, messages, Object.keys(tools ?? {}), outputSchema]).length / CHARACTERS_A_TOKEN;
  const price = ports.models.priceOf(ports.models.nameOf(model));
  return { tokens: Math.ceil(asked) + maxOutputTokens, costUsd: (asked * price.input + maxOutputTokens * price.output) / 1e6 };
}

async function callModel(task: Task, request: TurnRequest): Promise<Turn> {
  // One call of a model a task.
  const key = task.id;
  await setAside(task, key, estimate(task, request));
  let spent: Spending = { tokens: 0, costUsd: 0 };
  try {
    const turn = await streamTurn(task, request);
    spent = spendingOf(turn);
    // An answer that is of no use must not be kept: every later try would read it again.
    if (turn.calls.length === 0) answerOf(turn.text, request.outputSchema);
    return turn;
  } finally {
    task.budget.settle(key, spent);
  }
}

async function streamTurn(task: Task, request: TurnRequest): Promise<Turn> {
  const result = streamText({
    ...optionsOf(request),
    model: task.ports.models.language(request.model),
    messages: [...request.messages],
    maxRetries: 0,
    abortSignal: task.signal,
    // Errors come out of the stream below; the default would print them.
    onError: () => undefined,
  });
  for await (const part of result.stream) {
    if (part.type === "text-delta") task.emitText(part.text);
    if (part.type === "error") throw part.error;
    if (part.type === "abort") throw task.signal.reason;
  }
  const [text, messages, toolCalls, usage] = await Promise.all([result.text, result.responseMessages, result.toolCalls, result.usage]);
  if (text.trim() === "" && (toolCalls.length === 0 || request.mustAnswer)) throw nothingSaid(toolCalls.length > 0);
  // The AI SDK answers a call that does not fit by itself. Ours are answered by the tool's node, and the loop ends when none is open.
  const said = messages.filter(({ role }) => role === "assistant");
  return {
    text,
    messages: withOwnCallIds(task.id, said),
    calls: toolCalls.map(({ toolName, input }, place) => ({ toolCallId: ownCallId(task.id, place), toolName, input })),
    use: useOf(task, request.model, usage),
  };
}

function nothingSaid(asksForTools: boolean): StepError {
  const what = asksForTools ? "The model asked for a tool where it had to answer." : "The model answered with nothing.";
  return new StepError("model-output", what, { retryable: true });
}

/** What the definition says; the AI SDK tells a missing option from an undefined one. */
function optionsOf({ instructions, tools, outputSchema, temperature, maxOutputTokens }: TurnRequest) {
  return {
    ...(instructions !== undefined && { instructions }),
    ...(tools && { tools }),
    ...(outputSchema && { output: Output.object({ schema: jsonSchema(outputSchema) }) }),
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
}

function useOf({ ports }: Task, id: string | undefined, usage: LanguageModelUsage): ModelUse {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  const model = ports.models.nameOf(id);
  const price = ports.models.priceOf(model);
  return { model, inputTokens, outputTokens, costUsd: (inputTokens * price.input + outputTokens * price.output) / 1e6 };
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
  const [misfit] = misfitsOf(outputSchema, value);
  if (misfit) throw new StepError("model-output", `The model's answer does not fit the output schema: ${misfit.path} ${misfit.message}`, { retryable: true });
  return value;
}
