import type { MemoryScope } from "#/agents/vocabulary/memory.ts";

/** The place of facts: who shares them, and whom they are about. What is remembered in one place is not seen in any other. */
export interface MemoryPlace {
  readonly scope: MemoryScope;
  /** The workflow, for an agent's own with its name after a slash; empty for the whole workspace. */
  readonly owner: string;
  /** The person or the conversation; empty for nobody in particular. */
  readonly subject: string;
}

/** A fact that holds. */
export interface RememberedFact {
  readonly id: string;
  readonly text: string;
  /** From 1 to 10. */
  readonly importance: number;
  /** Epoch milliseconds. */
  readonly validFrom: number;
}

/** A fact that answers a question, with the reasons why it came before others. */
export interface RecalledFact extends RememberedFact {
  readonly score: number;
  readonly similarity: number;
}

export interface RecallRequest {
  readonly query: string;
  /** The most facts. */
  readonly most: number;
  /** The most tokens of all of them, by estimate. */
  readonly tokens: number;
}

export interface NewFact {
  readonly text: string;
  readonly importance: number;
  /** Facts of the same place that hold no more because of it, by id. */
  readonly replaces: readonly string[];
}

export interface FactsToSave {
  readonly facts: readonly NewFact[];
  /** Null where somebody tries a tool. */
  readonly runId: string | null;
  readonly step: string;
}

export interface SavedFact {
  readonly id: string;
  readonly text: string;
  /** False where it was remembered already. */
  readonly isNew: boolean;
  /** The facts that hold no more. */
  readonly replaced: readonly string[];
}

/** The memory of a workspace, as steps and tools use it. */
export interface MemoryPort {
  /** Facts of a place that have to do with a question, best first. @throws when a service does not answer */
  readonly recall: (
    place: MemoryPlace,
    request: RecallRequest,
    signal: AbortSignal,
  ) => Promise<readonly RecalledFact[]>;
  /** Keeps facts. Safe to repeat: the same step of the same run, or of a fork of it, adds nothing the second time. */
  readonly save: (
    place: MemoryPlace,
    facts: FactsToSave,
    signal: AbortSignal,
  ) => Promise<readonly SavedFact[]>;
}

/** The facts of a place that may matter whatever is asked. */
export interface StandingFacts {
  /** Those whose vectors are owed. */
  readonly pending: readonly RememberedFact[];
  readonly important: readonly RememberedFact[];
  readonly recent: readonly RememberedFact[];
}

export interface MemoryVector {
  readonly id: string;
  readonly values: readonly number[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The part of memory that is in the database. */
export interface MemoryStore {
  readonly standing: (place: MemoryPlace) => Promise<StandingFacts>;
  /** Facts of the place that hold, among `ids`. */
  readonly find: (place: MemoryPlace, ids: readonly string[]) => Promise<readonly RememberedFact[]>;
  /** Keeps facts. In a place that is full, the least important and then the oldest hold no more: `dropped`. */
  readonly save: (
    place: MemoryPlace,
    facts: FactsToSave,
  ) => Promise<{ readonly saved: readonly SavedFact[]; readonly dropped: readonly string[] }>;
  /** Notes that the vectors of facts are stored. @returns the ids of those that hold, with the same text as was embedded */
  readonly markEmbedded: (facts: readonly RememberedFact[]) => Promise<readonly string[]>;
}

/** The vectors of memory. Every write may be repeated. */
export interface MemoryVectors {
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;
  readonly query: (query: {
    readonly values: readonly number[];
    readonly topK: number;
    readonly filter: Readonly<Record<string, unknown>>;
  }) => Promise<readonly { readonly id: string; readonly score: number }[]>;
  readonly store: (vectors: readonly MemoryVector[]) => Promise<void>;
  readonly forget: (ids: readonly string[]) => Promise<void>;
}

export interface MemoryPorts {
  readonly store: MemoryStore;
  readonly vectors: MemoryVectors;
  readonly now: () => number;
}

/** One place of a memory. */
export interface PlacedMemory {
  readonly ports: MemoryPorts;
  readonly place: MemoryPlace;
}
