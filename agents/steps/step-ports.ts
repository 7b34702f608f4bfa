import type { OpenConnection } from "#/agents/connections/connection.ts";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import type { DocumentPort } from "#/agents/knowledge/knowledge-ports.ts";
import type { MemoryPort } from "#/agents/memory/memory-ports.ts";
import type { StorePort } from "#/agents/tools/store-port.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { ChangeEnd } from "#/agents/tools/tool-change.ts";
import type { LanguageModel } from "ai";
import type { ModelPrice } from "#/agents/definition/check/model-prices.ts";
import type { Spending } from "#/agents/engine/budget.ts";
import type { RunnableWorkflow } from "#/agents/engine/run.ts";
import type { Passage } from "#/agents/tools/tool.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";

interface ModelPort {
  /** @param id `connection/model`, a model of the installation's endpoint, or undefined for its default. @throws StepError */
  readonly language: (id: string | undefined) => LanguageModel | Promise<LanguageModel>;
  readonly nameOf: (id: string | undefined) => string;
  /** Undefined where the price is not known: a limit in dollars cannot be kept then. */
  readonly priceOf: (name: string) => ModelPrice | undefined | Promise<ModelPrice | undefined>;
}

interface OfTask {
  readonly step: string;
  readonly taskId: string;
}

/** A call of a tool, as it happens. Its input is what the log will show of it, cut short and without what looks like a secret. */
export type ToolActivity =
  | { readonly state: "started"; readonly tool: string; readonly input: unknown }
  | {
      readonly state: "working";
      readonly tool: string;
      readonly progress: number;
      readonly total?: number | undefined;
      readonly message?: string | undefined;
    }
  | { readonly state: "succeeded" | "failed"; readonly tool: string; readonly durationMs: number };

/**
 * Something that happens now and that only somebody who watches needs: lost live output costs nothing. The `offset` of a piece of text is
 * where it stands in what the task has written, so that a reader notices what is missing and what comes twice.
 */
export type LiveChunk =
  | (OfTask & { readonly type: "started"; readonly attempt: number; readonly startedAt: number })
  | (OfTask & { readonly type: "delta"; readonly offset: number; readonly text: string })
  | (OfTask & { readonly type: "tool" } & ToolActivity)
  | (OfTask & { readonly type: "aside" } & Spending)
  | { readonly type: "committed"; readonly seq: number; readonly status: RunStatus };

interface SearchOptions {
  readonly topK?: number | undefined;
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
}

/** A secret of the workspace. Opening it throws when the deployment's key is not the one it was sealed with. */
export interface StoredSecret {
  readonly name: string;
  /** The hosts it may be sent to; null while nobody has said. */
  readonly hosts: readonly string[] | null;
  readonly open: () => string;
}

/** A run that meets changed tools. */
interface ChangeRun {
  readonly runId: string;
  readonly versionId: string | null;
}

export interface ChangeDecision {
  readonly run: ChangeRun;
  readonly tool: string;
  /** Of the form that was shown to whoever decided. */
  readonly digest: string;
  readonly accepts: "run" | "version" | "nothing";
  /** The decider, as the answer says. */
  readonly by: unknown;
}

/** Keeps what admins say of tools that have changed since a version was published with them. */
interface ToolChangePort {
  /** Returns the digests that are accepted for a run or its version. */
  readonly listAccepted: (run: ChangeRun) => Promise<readonly string[]>;
  readonly decide: (decision: ChangeDecision) => Promise<Exclude<ChangeEnd, "changed">>;
}

/** The outside world as steps may use it. Given by operations/execution/advance.ts; nothing of it is ever stored. */
export interface StepPorts {
  readonly models: ModelPort;
  readonly search: (
    query: string,
    options: SearchOptions,
    signal: AbortSignal,
  ) => Promise<readonly Passage[]>;
  readonly documents: DocumentPort;
  readonly fetch: GuardedFetch;
  /** The tools of the workspace, as they are now. */
  readonly tools: ToolSource;
  readonly toolChanges: ToolChangePort;
  /** The published (or given) version of another workflow of the workspace, by its id or its name. */
  readonly workflow: (idOrName: string, version: number | undefined) => Promise<RunnableWorkflow | undefined>;
  /** Returns the secrets that exist among `names`. */
  readonly secrets: (names: readonly string[]) => Promise<readonly StoredSecret[]>;
  /** The connection of this name, ready for use; undefined when the workspace has none. */
  readonly connection: (name: string) => Promise<OpenConnection | undefined>;
  /** Values that runs of the workspace keep for each other. */
  readonly store: StorePort;
  /** Facts that agents remember from one run to another. */
  readonly memory: MemoryPort;
  /** Takes one call of what `name` says from a minute's worth, for the workspace. */
  readonly limitCalls: (
    name: string,
    perMinute: number,
  ) => Promise<{ readonly allowed: boolean; readonly retryAfterS: number }>;
  readonly newId: () => string;
  readonly now: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
}
