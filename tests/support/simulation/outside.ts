import { NotConnected, type OutboundRequest, type OutboundResponse } from "#/lib/outbound.ts";
import type { Passage } from "#/agents/tools/tool.ts";
import { type Luck, pick } from "#/tests/support/simulation/luck.ts";
import type { ModelFailure } from "#/tests/support/simulation/model.ts";

/** Failures one after the other that a call may meet; the retries of a step outlast them. */
const MOST_IN_A_ROW = 2;
/** Of a call that an agent makes: several of a turn share their tries. */
const MOST_IN_A_ROW_OF_TOOLS = 1;

/** The world outside: how the model fails, a vector store, and a server that takes payments and honours idempotency keys. */
export class Outside {
  readonly #luck: Luck;
  readonly #badness: number;
  readonly #failures = new Map<string, number>();
  readonly #visits = new Map<string, number>();
  /** By idempotency key: what was accepted. */
  readonly ledger = new Map<string, string>();
  /** Writes that went out again although nobody could know whether they were accepted, and no person had said so. */
  readonly resent: string[] = [];
  readonly #inDoubt = new Set<string>();
  readonly #allowed = new Set<string>();
  /** Every answer that the model gave in full. */
  readonly answered: string[] = [];
  /** Whether what can only be mended by hand is. */
  isMended = false;

  constructor(luck: Luck, badness: number) {
    this.#luck = luck;
    this.#badness = badness;
  }

  modelFailure(answer: string): ModelFailure | undefined {
    return this.#failing(`model ${answer}`, MOST_IN_A_ROW, [
      "busy",
      "down",
      "timeout",
      "empty",
      "garbage",
      "cut",
    ]);
  }

  /** A person wants the write to be sent again. */
  allow(key: string): void {
    this.#allowed.add(key);
  }

  /** The vector store holds one passage for every question. */
  readonly search = async (query: string): Promise<readonly Passage[]> => {
    const failure = this.#failing(
      `search ${query}`,
      query.startsWith("tool") ? MOST_IN_A_ROW_OF_TOOLS : MOST_IN_A_ROW,
      ["down", "slow"],
    );
    if (failure === "slow") throw new DOMException("The vector store took too long.", "TimeoutError");
    if (failure === "down") throw new Error("fetch failed");
    return [
      { id: query, document: "handbook", documentId: "1", position: 1, text: `about ${query}`, score: 1 },
    ];
  };

  /** What the guarded fetch of the product would do. */
  readonly fetch = async (request: OutboundRequest): Promise<OutboundResponse> => {
    const path = new URL(request.url).pathname.slice(1);
    if (request.method === "GET") return this.#get(request.url, path);
    const key = request.headers?.["idempotency-key"] ?? "";
    const isTool = path.startsWith("tool");
    const failure = this.#failing(
      `pay ${key}`,
      isTool ? MOST_IN_A_ROW_OF_TOOLS : MOST_IN_A_ROW,
      isTool ? UNANSWERED : [...UNANSWERED, "busy"],
    );
    if (this.#inDoubt.has(key) && !this.#allowed.has(key)) this.resent.push(path);
    if (failure === "refused") throw new NotConnected(new Error("refused"));
    if (failure === "busy") return reply(request.url, 503);
    this.#inDoubt.add(key);
    if (failure === "reset before") throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    this.ledger.set(key, path);
    if (failure === "reset after") throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    return reply(request.url, 201);
  };

  /** `missing` is never there, `broken` when somebody has mended it, `late…` at the third look. */
  #get(url: string, path: string): OutboundResponse {
    const visits = (this.#visits.get(path) ?? 0) + 1;
    this.#visits.set(path, visits);
    const isThere = path === "broken" ? this.isMended : path.startsWith("late") && visits > MOST_IN_A_ROW;
    return reply(url, isThere ? 200 : 404);
  }

  #failing<F extends string>(name: string, most: number, failures: readonly [F, ...F[]]): F | undefined {
    const before = this.#failures.get(name) ?? 0;
    const random = this.#luck.at(`${name} ${before}`);
    if (before >= most || random() >= this.#badness) return undefined;
    this.#failures.set(name, before + 1);
    return pick(random, failures);
  }
}

type WriteFailure = "refused" | "reset before" | "reset after" | "busy";
const UNANSWERED: readonly [WriteFailure, ...WriteFailure[]] = ["refused", "reset before", "reset after"];

const reply = (url: string, status: number): OutboundResponse => ({
  url,
  status,
  headers: { "content-type": "application/json" },
  body: '{"ok":true}',
});
