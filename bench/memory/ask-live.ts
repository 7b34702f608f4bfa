import { setTimeout as sleep } from "node:timers/promises";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedMany, generateText, type LanguageModel } from "ai";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { isEnded, type RunStatus } from "#/agents/vocabulary/run.ts";
import type { Exchange, History, Question } from "#/bench/memory/histories.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";
import { ProcessVectors } from "#/tests/support/memory.ts";

export interface LiveSettings {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly model: string;
  readonly embeddingModel: string;
}

/** An answer and the tokens that it took. */
interface LiveAnswer {
  readonly text: string;
  readonly tokens: number;
}

/** Agents of a real model on the product's own engine: with a memory, without one, and with everything that was said. */
export interface LiveWorld {
  /** Lets the person say it, and the agent answer and remember. @returns the agent's answer */
  readonly say: (history: History, exchange: Exchange) => Promise<string>;
  readonly ask: Readonly<Record<string, (history: History, question: Question) => Promise<LiveAnswer>>>;
  readonly judge: (question: Question, answer: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Opens the engine on a model that is to be had at an address. */
export async function openLive({ baseURL, apiKey, model, embeddingModel }: LiveSettings): Promise<LiveWorld> {
  const provider = createOpenAICompatible({
    name: "live",
    baseURL,
    apiKey,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  const language = provider.chatModel(model);
  const vectors = new ProcessVectors();
  vectors.embed = async (texts) =>
    (await embedMany({ model: provider.embeddingModel(embeddingModel), values: [...texts] })).embeddings;
  const engine = await openEngine({
    vectors,
    budgetMs: 600_000,
    leaseMs: 600_000,
    ports: { models: { language: () => language, nameOf: () => model, priceOf: () => undefined } },
  });
  const spoken = new Map<string, string[]>();
  return {
    say: async ({ person }, { asked }) => {
      const { text } = await runAgent(engine, { scope: "workspace", key: person, recall: 8 }, asked);
      spoken.set(person, [...(spoken.get(person) ?? []), `${person}: ${asked}\nAssistant: ${text}`]);
      return text;
    },
    ask: {
      "no memory": (_history, { asked }) => runAgent(engine, false, asked),
      "whole history of the person": ({ person }, { asked }) =>
        runAgent(
          engine,
          false,
          `What was said so far:\n${(spoken.get(person) ?? []).join("\n")}\n\n${asked}`,
        ),
      "memory with a key": ({ person }, { asked }) =>
        runAgent(engine, { scope: "workspace", key: person, save: false }, asked),
    },
    judge: (question, answer) => judge(language, question, answer),
    close: engine.close,
  };
}

const NOT_KNOWN = "Answer in one sentence. Where you do not know it, say that it is not known.";

async function runAgent(engine: TestEngine, memory: unknown, question: string): Promise<LiveAnswer> {
  const checked = validateDefinition(
    {
      format: "cairn/v1",
      name: "Assistant",
      kind: "graph",
      steps: {
        reply: { type: "agent", role: "Assistant", goal: NOT_KNOWN, prompt: "{{ input.question }}", memory },
      },
      edges: [
        { from: "start", to: "reply" },
        { from: "reply", to: "end" },
      ],
    },
    { tools: [] },
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const { output, status, error, usage } = await finish(
    engine,
    await engine.begin(checked.definition, { question }),
  );
  if (!output) throw new Error(`A run ended ${status}: ${JSON.stringify(error)}`);
  return { text: output.reply, tokens: usage.inputTokens + usage.outputTokens };
}

interface EndedRun {
  readonly status: RunStatus;
  readonly error: unknown;
  readonly output: { readonly reply: string } | null;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

const RETRY_MS = 1000;

/** Delivers the run again until it has ended: a model is tried again after a while. */
async function finish(engine: TestEngine, runId: string): Promise<EndedRun> {
  for (;;) {
    const run = (await engine.run(runId)) as unknown as EndedRun;
    if (isEnded(run.status)) return run;
    await sleep(RETRY_MS);
    await engine.deliver(runId);
  }
}

async function judge(model: LanguageModel, { asked, expected }: Question, answer: string): Promise<boolean> {
  const { text } = await generateText({
    model,
    prompt: `Question: ${asked}\nRight answer: ${expected}\nGiven answer: ${JSON.stringify(answer)}\n\nDoes the given answer say the same as the right one? Answer with yes or no.`,
  });
  return /^\W*yes/i.test(text);
}
