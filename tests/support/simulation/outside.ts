import { APICallError, simulateReadableStream } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import type { OutboundRequest, OutboundResponse } from "#/lib/outbound.ts";
import { answerTo } from "#/tests/support/simulation/workflows.ts";

/** Failures one after the other that a call may meet; the retries of a step outlast them. */
const MOST_IN_A_ROW = 2;

/** The world outside: a model, and a server that takes payments and honours idempotency keys. */
export class Outside {
  readonly #random: () => number;
  readonly #badness: number;
  readonly #failures = new Map<string, number>();
  /** By idempotency key: what was accepted. */
  readonly ledger = new Map<string, string>();
  /** Every prompt that was answered in full. */
  readonly answered: string[] = [];

  constructor(random: () => number, badness: number) {
    this.#random = random;
    this.#badness = badness;
  }

  readonly model = new MockLanguageModelV4({
    doStream: async ({ prompt }) => {
      const text = lastTextOf(prompt);
      const failure = this.#failing(text) ? this.#pick(["busy", "down", "timeout", "empty", "cut"] as const) : undefined;
      if (failure === "busy") throw apiError(429, { "retry-after": "1" });
      if (failure === "down") throw apiError(500);
      if (failure === "timeout") throw new DOMException("The model took too long.", "TimeoutError");
      if (failure === undefined) this.answered.push(text);
      return { stream: simulateReadableStream({ chunks: chunksOf(answerTo(text), failure) as never[] }) };
    },
  });

  /** What the guarded fetch of the product would do. */
  readonly fetch = async (request: OutboundRequest): Promise<OutboundResponse> => {
    const path = new URL(request.url).pathname.slice(1);
    if (path === "missing") return reply(request.url, 404);
    const key = request.headers?.["idempotency-key"] ?? "";
    const failure = this.#failing(`pay ${key}`) ? this.#pick(["refused", "busy", "reset before", "reset after"] as const) : undefined;
    if (failure === "refused") throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    if (failure === "busy") return reply(request.url, 503);
    if (failure === "reset before") throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    this.ledger.set(key, path);
    if (failure === "reset after") throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    return reply(request.url, 201);
  };

  #failing(name: string): boolean {
    const before = this.#failures.get(name) ?? 0;
    const fails = before < MOST_IN_A_ROW && this.#random() < this.#badness;
    if (fails) this.#failures.set(name, before + 1);
    return fails;
  }

  #pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.#random() * choices.length)] ?? choices[0];
  }
}

const reply = (url: string, status: number): OutboundResponse => ({ url, status, headers: { "content-type": "application/json" }, body: '{"ok":true}' });

function apiError(statusCode: number, responseHeaders: Record<string, string> = {}): APICallError {
  return new APICallError({ message: "no", url: "http://model.test", requestBodyValues: {}, statusCode, responseHeaders });
}

function lastTextOf(prompt: readonly { readonly role: string; readonly content: unknown }[]): string {
  const content = prompt.at(-1)?.content;
  const [part] = Array.isArray(content) ? (content as { text?: string }[]) : [];
  return part?.text ?? "";
}

function chunksOf(text: string, failure: "empty" | "cut" | undefined): readonly unknown[] {
  const usage = { inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 5, text: 5, reasoning: 0 } };
  const start = [{ type: "stream-start", warnings: [] }];
  const finish = { type: "finish", usage, finishReason: { unified: "stop", raw: undefined } };
  if (failure === "empty") return [...start, finish];
  const half = [{ type: "text-start", id: "1" }, { type: "text-delta", id: "1", delta: text.slice(0, 3) }];
  if (failure === "cut") return [...start, ...half, { type: "error", error: apiError(502) }];
  return [...start, ...half, { type: "text-delta", id: "1", delta: text.slice(3) }, { type: "text-end", id: "1" }, finish];
}
