import { simulateReadableStream } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  string,
} from "fast-check";
import { expect, test } from "vitest";
import type { ModelPrice } from "#/agents/definition/check/model-prices.ts";
import { modelTurn } from "#/agents/models/model-turn.ts";
import { OwnBudget } from "#/agents/runner/run-budget.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

interface Answer {
  /** What the model would say if nobody stopped it. */
  readonly wanted: number;
  readonly prompt: string;
  readonly maxOutputTokens: number | undefined;
}

interface Limits {
  readonly maxTokens?: number;
  readonly maxCostUsd?: number;
}

const PRICE: ModelPrice = { input: 1.1, output: 4.4 };
/** Dense ASCII, and a byte a token elsewhere: the worst that tokenizers do to ordinary texts. */
const countTokens = (text: string) =>
  Math.ceil(Buffer.byteLength(text) / (/^\p{ASCII}*$/u.test(text) ? 3 : 1));

/** A model that says as much as it is let, thinking included, and what it has used in all. */
function makeTalker() {
  const used = { tokens: 0, costUsd: 0, longest: 0 };
  const answering = ({ wanted, prompt }: Answer) =>
    new MockLanguageModelV4({
      doStream: async ({ maxOutputTokens = Infinity }) => {
        const output = Math.min(wanted, maxOutputTokens);
        const input = countTokens(prompt);
        used.tokens += input + output;
        used.costUsd += (input * PRICE.input + output * PRICE.output) / 1e6;
        used.longest = Math.max(used.longest, output);
        const usage = {
          inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: output, text: output, reasoning: 0 },
        };
        const finishReason = { unified: output < wanted ? "length" : "stop", raw: undefined };
        return {
          stream: simulateReadableStream({
            initialDelayInMs: null,
            chunkDelayInMs: null,
            chunks: [
              { type: "stream-start", warnings: [] },
              { type: "text-start", id: "1" },
              { type: "text-delta", id: "1", delta: "said" },
              { type: "text-end", id: "1" },
              { type: "finish", usage, finishReason },
            ] as never[],
          }),
        };
      },
    });
  return { used, answering };
}

/** Makes calls of one run beside each other and one after the other, until each is answered, cut or refused. */
async function spend(rounds: readonly (readonly Answer[])[], limits: Limits) {
  const talker = makeTalker();
  const budget = new OwnBudget({ tokens: 0, costUsd: 0 }, { ...limits, onLimit: "fail" });
  const ask = async (answer: Answer, id: string) => {
    const task = {
      id,
      step: "ask",
      run: { id: "run", workflowId: null },
      pace: { limits: [], take: async () => 0 },
      signal: new AbortController().signal,
      budget,
      emitText: () => undefined,
      once: (_name: string, call: () => Promise<unknown>) => call(),
      ports: {
        models: { language: () => talker.answering(answer), nameOf: () => "talker", priceOf: () => PRICE },
      },
    } as unknown as Task;
    const { prompt, maxOutputTokens } = answer;
    await modelTurn(task, {
      instructions: undefined,
      messages: [{ role: "user", content: prompt }],
      model: undefined,
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    }).catch((error: unknown) => {
      // Calls for which nothing is left, and answers that reached their end; whatever else happens is a mistake of the test.
      if (!(error instanceof StepError) || !["budget", "model-cut"].includes(error.code)) throw error;
    });
  };
  for (const [round, answers] of rounds.entries())
    await Promise.all(answers.map((answer, place) => ask(answer, `${round}:${place}`)));
  return talker.used;
}

const answers = record({
  wanted: integer({ min: 1, max: 60_000 }),
  prompt: oneof(
    string({ minLength: 1, maxLength: 400 }),
    constantFrom("日本語の長い質問です。".repeat(30), "0x".repeat(500)),
  ),
  maxOutputTokens: option(integer({ min: 1, max: 8_000 }), { nil: undefined }),
});
const rounds = array(array(answers, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });

test("spending never goes over a limit of tokens, whatever models would like to say", async () => {
  await assert(
    asyncProperty(rounds, integer({ min: 100, max: 60_000 }), async (calls, maxTokens) => {
      expect((await spend(calls, { maxTokens })).tokens).toBeLessThanOrEqual(maxTokens);
    }),
    { numRuns: 25 },
  );
});

test("nor over one of dollars", async () => {
  await assert(
    asyncProperty(rounds, integer({ min: 1, max: 200 }), async (calls, thousandths) => {
      const maxCostUsd = thousandths / 1000;
      expect((await spend(calls, { maxCostUsd })).costUsd).toBeLessThanOrEqual(maxCostUsd + 1e-9);
    }),
    { numRuns: 25 },
  );
});

test("where no limit watches, an answer may be as long as its model makes it", async () => {
  const long = { wanted: 50_000, prompt: "hello", maxOutputTokens: undefined };
  expect((await spend([[long]], {})).longest).toBe(50_000);
});
