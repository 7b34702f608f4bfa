import { createHash } from "node:crypto";
import type { MessagesRequest } from "#/local/anthropic/request.ts";
import { countTokens } from "#/local/makers/offline-model.ts";

const MOST_REMEMBERED = 1_000;

/** Anthropic's cache of prompts: what stands before a `cache_control` mark is written once and read from then on. */
export class PromptCache {
  readonly #known = new Set<string>();

  /** Counts what a request reads from the cache and writes to it. */
  use({ tools = [], system = "", messages }: MessagesRequest): {
    readonly cache_creation_input_tokens: number;
    readonly cache_read_input_tokens: number;
  } {
    const prefixes = prefixesOf([tools, system, messages]);
    const read = prefixes.findLast((prefix) => this.#known.has(digest(prefix)))?.length ?? 0;
    const whole = prefixes.at(-1)?.length ?? 0;
    if (this.#known.size > MOST_REMEMBERED) this.#known.clear();
    for (const prefix of prefixes) this.#known.add(digest(prefix));
    return {
      cache_creation_input_tokens: countTokens("x".repeat(Math.max(0, whole - read))),
      cache_read_input_tokens: countTokens("x".repeat(read)),
    };
  }
}

const MARK = '"cache_control":{';

/** What stands before each mark, shortest first, without the marks: moving one on changes nothing before it. */
function prefixesOf(prompt: unknown): readonly string[] {
  const pieces = JSON.stringify(prompt).split(MARK);
  return pieces.slice(0, -1).map((_, place) => pieces.slice(0, place + 1).join(""));
}

const digest = (text: string) => createHash("sha256").update(text).digest("base64");
