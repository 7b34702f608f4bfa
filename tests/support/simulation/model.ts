import { APICallError, simulateReadableStream } from "ai";
import { MockLanguageModelV4 } from "ai/test";

/** A call of a tool that the model asks for. */
export interface ScriptedCall {
  readonly tool: string;
  readonly input: unknown;
}

/** By prompt: the calls of each turn, before the last turn answers. */
export type Script = Readonly<Record<string, readonly (readonly ScriptedCall[])[]>>;

/** What the model says to a prompt, after what its tools gave. */
export const answerTo = (prompt: string, results: readonly string[] = []) =>
  [`said ${prompt}`, ...results].join(" + ");

export const TOKENS_A_CALL = 15;

/** How a call of the model fails. */
export type ModelFailure = "busy" | "down" | "timeout" | "empty" | "garbage" | "cut";

export interface ModelWorld {
  readonly script: Script;
  /** An answer that is on its way is known by this. @returns how the call fails */
  readonly asked: (answer: string) => Promise<ModelFailure | undefined>;
  readonly answered: (answer: string) => void;
}

/** A model that does as its script says, in a world in which calls fail. */
export function simulatedModel({ script, asked, answered }: ModelWorld): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doStream: async ({ prompt, responseFormat }) => {
      const { text, turn, results } = readPrompt(prompt);
      const calls = (script[text]?.[turn] ?? []).map(({ tool, input }, index) => ({
        tool,
        input,
        id: `${text} ${turn}.${index}`.replaceAll(" ", "_"),
      }));
      const said = responseFormat?.type === "json" ? JSON.stringify({ said: text }) : answerTo(text, results);
      // Ids of calls are not what they are known by: the engine gives them its own.
      const name = calls.length > 0 ? `${text} ${turn} calls` : said;
      const failure = await asked(name);
      if (failure === "busy") throw apiError(429, { "retry-after": "1" });
      if (failure === "down") throw apiError(500);
      if (failure === "timeout") throw new DOMException("The model took too long.", "TimeoutError");
      const isUnharmed = failure === undefined || (failure === "garbage" && responseFormat?.type !== "json");
      if (isUnharmed) answered(name);
      const body =
        calls.length > 0
          ? [...textChunks(name), ...calls.map(callChunk)]
          : textChunks(failure === "garbage" && !isUnharmed ? `${said.slice(0, -1)} …` : said);
      return { stream: simulateReadableStream({ chunks: makeChunks(body, failure) as never[] }) };
    },
  });
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** The first thing that was asked, how often the model has spoken since, and what its tools gave. */
function readPrompt(prompt: readonly Message[]): {
  readonly text: string;
  readonly turn: number;
  readonly results: readonly string[];
} {
  const makeParts = ({ content }: Message) =>
    Array.isArray(content) ? (content as Record<string, unknown>[]) : [];
  const first = prompt.find(({ role }) => role === "user");
  const results = prompt
    .filter(({ role }) => role === "tool")
    .flatMap((message) => makeParts(message).map(({ output }) => makeResult(output)));
  return {
    text: String(first && makeParts(first)[0]?.["text"]),
    turn: prompt.filter(({ role }) => role === "assistant").length,
    results,
  };
}

/** Short and the same in every world. */
function makeResult(output: unknown): string {
  const { type, value } = output as {
    type: string;
    value: { result?: number; status?: number; passages?: unknown[]; assumed?: true };
  };
  if (type !== "json") return "refused";
  // A person has said that the write was accepted.
  return value.assumed ? "201" : String(value.result ?? value.status ?? value.passages?.length);
}

function apiError(statusCode: number, responseHeaders: Record<string, string> = {}): APICallError {
  return new APICallError({
    message: "no",
    url: "http://model.test",
    requestBodyValues: {},
    statusCode,
    responseHeaders,
  });
}

const callChunk = ({ id, tool, input }: ScriptedCall & { readonly id: string }) => ({
  type: "tool-call",
  toolCallId: id,
  toolName: tool,
  input: JSON.stringify(input),
});

const textChunks = (text: string) => [
  { type: "text-start", id: "1" },
  { type: "text-delta", id: "1", delta: text.slice(0, 3) },
  { type: "text-delta", id: "1", delta: text.slice(3) },
  { type: "text-end", id: "1" },
];

function makeChunks(body: readonly unknown[], failure: ModelFailure | undefined): readonly unknown[] {
  const usage = {
    inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 5, text: 5, reasoning: 0 },
  };
  const start = { type: "stream-start", warnings: [] };
  const finish = { type: "finish", usage, finishReason: { unified: "stop", raw: undefined } };
  if (failure === "empty") return [start, finish];
  return failure === "cut"
    ? [start, ...body.slice(0, 2), { type: "error", error: apiError(502) }]
    : [start, ...body, finish];
}
