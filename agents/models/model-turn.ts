import type { ModelMessage } from "ai";
import * as v from "valibot";
import { findMisfits } from "#/agents/definition/schema/fit.ts";
import type { Spending } from "#/agents/engine/budget.ts";
import type { FileBytes } from "#/agents/models/call-file.ts";
import { askInTurn } from "#/agents/models/fallback.ts";
import { readJsonAnswer } from "#/agents/models/json-answer.ts";
import { streamTurn } from "#/agents/models/model-stream.ts";
import { addUse, boundAnswer, estimateCall, toSpending } from "#/agents/models/model-use.ts";
import { keepPace } from "#/agents/steps/pace.ts";
import { isParking } from "#/agents/steps/parking.ts";
import { setAside, unpriced } from "#/agents/steps/spending.ts";
import { StepError, toStepError, withUse } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import { type ReadRequest, Turn, type TurnRequest } from "#/agents/models/turn.ts";
import { fromWire, toWireSchema } from "#/agents/models/wire-schema.ts";

/**
 * One model call, streamed to whoever watches and journaled under the task: a repeated superstep gets the stored answer.
 * The AI SDK does not retry; the queue does.
 * @throws StepError, APICallError
 */
export async function modelTurn(task: Task, request: TurnRequest): Promise<Turn> {
  let isAsked = false;
  const ask = async () => {
    isAsked = true;
    const fileBytes = await readFiles(request);
    return askInTurn(request, (one, place) =>
      callModel(task, { ...one, fileBytes }, place === 0 ? "" : `:${place}`),
    );
  };
  // Files stand in the messages by their digests.
  const { mustAnswer: _, pace: __, files: ___, mustBePriced: ____, ...asked } = request;
  const turn = v.parse(
    Turn,
    await task.once("model", ask, { ...asked, tools: Object.keys(request.tools ?? {}) }),
  );
  // Paid for before a crash, by an invocation whose account is gone with it.
  if (!isAsked) task.budget.settle(task.id, toSpending(turn.use));
  return turn;
}

async function readFiles({ files = [] }: TurnRequest): Promise<FileBytes> {
  return new Map(await Promise.all(files.map(async ({ sha256, read }) => [sha256, await read()] as const)));
}

const NOTHING: Spending = { tokens: 0, costUsd: 0 };

/** Asks, and once more with the reason where an answer does not fit its schema: most models fix that at once, and it counts as one try. */
async function callModel(task: Task, request: ReadRequest, suffix: string): Promise<Turn> {
  const key = `${task.id}${suffix}`;
  const turn = await paidTurn(task, key, request);
  const misfit = findMisfit(turn, request);
  if (!misfit) return turn;
  const told: ModelMessage[] = [
    ...turn.messages,
    { role: "user", content: `${misfit.message} Answer again, with nothing but JSON that fits.` },
  ];
  const second = await paidTurn(task, `${key}:again`, {
    ...request,
    messages: [...request.messages, ...told],
  }).catch((error: unknown) => {
    // Nobody is asked for more money, nor waits for a turn, in the middle of a try: what the first answer cost would be in no log. The next try does.
    const failure = isParking(error) ? misfit : toStepError(error);
    throw withUse(failure, addUse(turn.use, failure.use));
  });
  const use = addUse(turn.use, second.use);
  const still = findMisfit(second, request);
  // An answer that is of no use must not be kept: every later try would read it again.
  if (still) throw withUse(still, use);
  return { ...second, use };
}

/** One request in its turn, with what it may cost set aside while it is under way. @throws Parking, StepError with what was used */
async function paidTurn(task: Task, key: string, request: ReadRequest): Promise<Turn> {
  await keepPace(task, key, request.pace);
  const { models } = task.ports;
  const priced = { ...request, price: await models.priceOf(models.nameOf(request.model)) };
  if (request.mustBePriced && !priced.price) throw unpriced();
  const isLimited = await setAside(task, key, estimateCall(priced));
  let spent = NOTHING;
  try {
    const turn = await streamTurn(task, isLimited ? boundAnswer(priced) : priced);
    spent = toSpending(turn.use);
    return turn;
  } catch (error) {
    const failure = toStepError(error);
    if (failure.use) spent = toSpending(failure.use);
    throw failure;
  } finally {
    task.budget.settle(key, spent);
  }
}

function findMisfit({ calls, text }: Turn, { outputSchema }: TurnRequest): StepError | undefined {
  if (calls.length > 0 || !outputSchema) return undefined;
  const answer = readAnswer(text, outputSchema);
  return "misfit" in answer ? new StepError("model-output", answer.misfit, { retryable: true }) : undefined;
}

/** The value of a final answer: text, or JSON that fits the schema. @throws StepError when it does not. */
export function parseAnswer(
  text: string,
  outputSchema: Readonly<Record<string, unknown>> | undefined,
): unknown {
  if (!outputSchema) return text;
  const answer = readAnswer(text, outputSchema);
  if ("misfit" in answer) throw new StepError("model-output", answer.misfit, { retryable: true });
  return answer.value;
}

function readAnswer(
  text: string,
  outputSchema: Readonly<Record<string, unknown>>,
): { readonly value: unknown } | { readonly misfit: string } {
  const json = readJsonAnswer(text);
  if (!json) return { misfit: "The model's answer is not JSON, but the step has an output schema." };
  const value = fromWire(outputSchema, toWireSchema(outputSchema), json.value);
  const [misfit] = findMisfits(outputSchema, value);
  return misfit
    ? { misfit: `The model's answer does not fit the output schema: ${misfit.path} ${misfit.message}` }
    : { value };
}
