import {
  type FinishReason,
  type LanguageModel,
  type LanguageModelUsage,
  type ModelMessage,
  streamText,
  type TextStreamPart,
  type ToolSet,
} from "ai";
import {
  type AnswerForm,
  firstForm,
  formOptions,
  formWords,
  nextForm,
  rememberForm,
} from "#/agents/models/answer-form.ts";
import { ownCallId, withOwnCallIds } from "#/agents/models/call-ids.ts";
import { withExactCalls } from "#/agents/models/exact-calls.ts";
import { isRefusedOutright } from "#/agents/models/model-failure.ts";
import type { PricedRequest, Turn, TurnRequest } from "#/agents/models/turn.ts";
import { sendFiles } from "#/agents/models/send-files.ts";
import { useOfCall } from "#/agents/models/model-use.ts";
import { fromModel, StepError, toStepError, withUse } from "#/agents/steps/step-error.ts";
import type { Asking } from "#/agents/steps/task.ts";

/** One answer of a model, in the best form that its server takes. @throws StepError with what was used */
export async function streamTurn(task: Asking, request: PricedRequest): Promise<Turn> {
  const { outputSchema } = request;
  const model = task.ports.models.nameOf(request.model);
  let form: AnswerForm | undefined = outputSchema && firstForm(model, outputSchema);
  for (;;) {
    try {
      const turn = await streamOnce(task, request, form);
      if (outputSchema && form) rememberForm(model, outputSchema, form);
      return turn;
    } catch (error) {
      const next =
        form && error instanceof StepError && error.code === "model-refused"
          ? nextForm(form, error.message)
          : undefined;
      if (next === undefined) throw error;
      form = next;
    }
  }
}

async function streamOnce(task: Asking, request: PricedRequest, form: AnswerForm | undefined): Promise<Turn> {
  const model = withExactCalls(await task.ports.models.language(request.model));
  const heard: Heard = { text: "" };
  const used = (usage: Partial<LanguageModelUsage>) =>
    useOfCall(task, request, { usage, answered: heard.text });
  try {
    const result = streamText({
      ...chooseOptions(request, form),
      messages: sendFiles(request.messages, { provider: providerOf(model), files: request.fileBytes }),
      model,
      maxRetries: 0,
      abortSignal: task.signal,
      // Errors come out of the stream below; the default would print them.
      onError: () => undefined,
    });
    for await (const part of result.stream) hear(task, heard, part);
    const [text, messages, toolCalls, usage, finishReason] = await Promise.all([
      result.text,
      result.responseMessages,
      result.toolCalls,
      result.usage,
      result.finishReason,
    ]);
    const calls = toolCalls.map(({ toolName, input }, place) => ({
      toolCallId: ownCallId(task.id, place),
      toolName,
      input,
    }));
    heard.text += calls.length > 0 ? JSON.stringify(calls) : "";
    const use = used(usage);
    const failure = failureOfEnd(finishReason, {
      text,
      usage,
      calls: calls.length,
      mustAnswer: request.mustAnswer === true,
    });
    if (failure) throw withUse(failure, use);
    return { text, messages: withOwnCallIds(task.id, said(messages)), calls, use };
  } catch (error) {
    const failure = nameRefused(toStepError(error), task.ports.models.nameOf(request.model));
    // A provider that refuses does not charge; whoever breaks off, or is hung up on, may.
    throw failure.use || isUnsent(failure) || isRefusedOutright(failure.cause)
      ? failure
      : withUse(failure, used({}));
  }
}

/** A model that is only named is the gateway's. */
const providerOf = (model: LanguageModel): string => (typeof model === "string" ? "gateway" : model.provider);

/** The connection did not let the request go, or there was nothing to send. */
const isUnsent = ({ code }: StepError) => code.startsWith("connection-") || code === "unsupported-file";

/** The part of an answer that has come so far. */
interface Heard {
  text: string;
}

function hear(task: Asking, heard: Heard, part: TextStreamPart<ToolSet>): void {
  if (part.type === "text-delta") task.emitText(part.text);
  if (part.type === "text-delta" || part.type === "reasoning-delta") heard.text += part.text;
  if (part.type === "error") throw fromStream(part.error);
  if (part.type === "abort") throw task.signal.reason;
}

/** An error event, an event that cannot be read, an end without an end: all of it comes in a stream that began with 200. */
function fromStream(error: unknown): StepError {
  const isSignal = error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
  return isSignal || error instanceof StepError ? toStepError(error) : fromModel(error);
}

/** The AI SDK answers a call that does not fit by itself. Ours are answered by the tool's node, and the loop ends when none is open. */
function said(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.filter(({ role }) => role === "assistant");
}

interface End {
  readonly text: string;
  readonly usage: LanguageModelUsage;
  readonly calls: number;
  readonly mustAnswer: boolean;
}

/** An answer that the provider itself calls unfinished is no answer, however good it looks. */
function failureOfEnd(reason: FinishReason, { text, usage, calls, mustAnswer }: End): StepError | undefined {
  if (reason === "length") return new StepError("model-cut", cutText(text, usage));
  if (reason === "content-filter")
    return new StepError(
      "model-filtered",
      `The provider filtered the answer${text ? `: ${text.slice(0, 200)}` : "."}`,
    );
  if (reason === "error" || reason === "interrupted")
    return new StepError("model-unavailable", "The model endpoint broke its answer off.", {
      retryable: true,
    });
  return text.trim() === "" && (calls === 0 || mustAnswer) ? nothingSaid(calls > 0) : undefined;
}

function cutText(text: string, { outputTokens = 0, outputTokenDetails }: LanguageModelUsage): string {
  const reasoning = outputTokenDetails?.reasoningTokens ?? 0;
  const spent =
    text.trim() === "" && reasoning > 0
      ? ` ${reasoning} of them went into reasoning and none were left for the answer.`
      : "";
  return `The answer was cut off${outputTokens > 0 ? ` after ${outputTokens} tokens` : ""}.${spent} Raise maxOutputTokens, or ask for less.`;
}

function nothingSaid(asksForTools: boolean): StepError {
  const what = asksForTools
    ? "The model asked for a tool where it had to answer."
    : "The model answered with nothing.";
  return new StepError("model-output", what, { retryable: true });
}

/** Chooses the options that the definition gives; the AI SDK tells a missing option from an undefined one. */
function chooseOptions(request: TurnRequest, form: AnswerForm | undefined) {
  const { instructions, tools, outputSchema } = request;
  const words = outputSchema && form && formWords(form, outputSchema);
  const all = [instructions, words].filter((text) => text !== undefined && text !== "").join("\n\n");
  return {
    ...((all !== "" || instructions !== undefined) && { instructions: all }),
    ...(tools && { tools }),
    ...(outputSchema && form && formOptions(form, outputSchema)),
    ...chooseSettings(request),
  };
}

function chooseSettings({ effort, temperature, maxOutputTokens }: TurnRequest) {
  return {
    ...(effort !== undefined && { reasoning: effort }),
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
}

/** A refused key belongs to one of several endpoints: the failure says to whose. */
function nameRefused(failure: StepError, model: string): StepError {
  const { code, message, cause, use } = failure;
  return code === "model-refused-key" ? new StepError(code, `${model}: ${message}`, { cause, use }) : failure;
}
