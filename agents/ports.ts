import type { LanguageModel } from "ai";
import type { Passage } from "#/agents/tools/tool.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";

/** USD per million tokens. */
interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

interface ModelPort {
  /** @param id a model id, or undefined for the workspace's default. */
  readonly language: (id: string | undefined) => LanguageModel;
  readonly nameOf: (id: string | undefined) => string;
  readonly priceOf: (name: string) => ModelPrice;
}

/** Something that happens now and that only somebody who watches needs: lost live output costs nothing. */
export type LiveChunk =
  | { readonly type: "started"; readonly step: string; readonly taskId: string; readonly attempt: number }
  | { readonly type: "delta"; readonly step: string; readonly taskId: string; readonly text: string }
  | { readonly type: "committed"; readonly seq: number; readonly status: string };

interface SearchOptions {
  readonly topK?: number | undefined;
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
}

/** What steps may use of the outside world. Given by agents/runtime.ts; nothing of it is ever stored. */
export interface StepPorts {
  readonly models: ModelPort;
  readonly search: (query: string, options: SearchOptions, signal: AbortSignal) => Promise<readonly Passage[]>;
  readonly fetch: GuardedFetch;
  readonly now: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
}
