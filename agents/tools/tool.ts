import type { CodeCalls } from "#/agents/sandbox/code-calls.ts";
import type { OpenConnection } from "#/agents/connections/connection.ts";
import type { ToolRule } from "#/agents/definition/format/fields.ts";
import type { WaitRequest } from "#/agents/steps/parking.ts";
import type { NewFact, RecalledFact, SavedFact } from "#/agents/memory/memory-ports.ts";
import type { StorePort } from "#/agents/tools/store-port.ts";
import type { ToolChange } from "#/agents/tools/tool-change.ts";
import type { Capability } from "#/agents/vocabulary/capability.ts";
import type { ToolEffect, ToolOrigin } from "#/agents/vocabulary/tool.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";

/** A piece of a document that answers a search. */
export interface Passage {
  readonly id: string;
  /** The name of the document, as people know it. */
  readonly document: string;
  readonly documentId: string;
  /** 1-based place in the document. */
  readonly position: number;
  readonly text: string;
  readonly score: number;
  readonly source?: string;
}

interface SearchOptions {
  readonly topK?: number;
  readonly filter?: Readonly<Record<string, unknown>>;
}

/** A part of a call that is accounted for by itself. */
export interface ToolPart {
  /** Decides what happens when its process dies: a read is asked again, a write that left no answer is a person's question. */
  readonly effect: ToolEffect;
  /** The other side, as people read it of a write that left no answer. */
  readonly target: string;
  /** All that the answer depends on, without secrets. */
  readonly request: unknown;
}

/** The progress of a call. */
interface ToolProgress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** The world as a tool may use it. */
export interface ToolContext {
  readonly signal: AbortSignal;
  /** The time that the definition gives what the call has others do, without the time that they wait for people; without it, as long as those take. */
  readonly timeLimitMs?: number | undefined;
  /** The same for every repetition of the same call; every external write carries it. */
  readonly idempotencyKey: string;
  /** The run that the call is made for; undefined where somebody tries the tool. */
  readonly runId: string | undefined;
  /** Tells whoever watches how far the call has got. Cheap enough to be called at every turn. */
  readonly showProgress: (progress: ToolProgress) => void;
  readonly search: (query: string, options?: SearchOptions) => Promise<readonly Passage[]>;
  readonly fetch: GuardedFetch;
  readonly store: StorePort;
  readonly memory: ToolMemory;
  readonly now: () => number;
  /** Reads the secrets of these names, which belong to the tool and not to whoever calls it. @throws StepError when one is missing or bound to no host */
  readonly secrets: (names: readonly string[]) => Promise<ToolSecrets>;
  /** Opens the connection of this name. What is sent by its fetch goes to its hosts only. @throws StepError when there is none */
  readonly connection: (name: string) => Promise<ToolConnection>;
  /** Does a part of the call at most once for its task: the answer is journaled under `key`. Only in a tool that works `inParts`. @throws Parking, StepError */
  readonly once: (key: string, part: ToolPart, act: () => Promise<unknown>) => Promise<unknown>;
  /** Tells whether the part under `key` is done: it will not be done again. */
  readonly isDone: (key: string) => boolean;
  /**
   * Holds the call until a person, an event, a moment or other runs have answered. Everything before it runs again then, so whatever costs or changes
   * something stands in `once`. Only in a tool that works `inParts`. @throws Parking while there is no answer
   */
  readonly wait: (request: Omit<WaitRequest, "step">) => unknown;
  /**
   * Runs the published version of a workflow, with approvals and costs of its own, and gives its output. Only in a tool that works `inParts`, and
   * once in a call. @throws Parking while it runs; StepError
   */
  readonly runWorkflow: (id: string, input: unknown) => Promise<unknown>;
  /** The other tools of whoever makes the call, if it has any. */
  readonly others?: InnerTools | undefined;
}

/** What is remembered in the place that a call works in. A key names whom it is about, where that is not settled. @throws StepError */
export interface ToolMemory {
  readonly search: (
    query: string,
    how: { readonly key: string | undefined; readonly most: number },
  ) => Promise<readonly RecalledFact[]>;
  readonly save: (fact: NewFact, key: string | undefined) => Promise<SavedFact>;
}

/** Tools that may be called from within a call. */
export interface InnerTools {
  readonly tools: readonly Tool[];
  /** Makes one call: journaled by itself, under the rules that hold for its tool. Only in a tool that works `inParts`. @throws Parking; StepError */
  readonly call: CodeCalls["call"];
}

/** A connection of the workspace, ready for use by a tool. */
export type ToolConnection = Pick<
  OpenConnection,
  "kind" | "settings" | "credentials" | "fetch" | "sendMail" | "mask"
>;

/** Secrets that a tool sends. They go to the hosts that they are bound to. */
interface ToolSecrets {
  /** By name. */
  readonly values: Readonly<Record<string, string>>;
  readonly fetch: GuardedFetch;
  /** Takes the values out of what came back. */
  readonly mask: <T>(value: T) => T;
  /** Runs something that knows the values; they are taken out of what it gives and of what it throws. */
  readonly keep: <T>(call: () => Promise<T>) => Promise<T>;
}

export interface ToolLimits {
  /** The longest that a call may take, without the time that it waits for somebody. */
  readonly timeoutMs: number;
  /** The most of an answer that a model is given. The run's log keeps the whole. */
  readonly bytes: number;
  /** The most calls that the workspace may make in a minute; without it, any number. */
  readonly perMinute?: number | undefined;
}

/** The input that a tool reads in the arguments of a call, or why they do not fit. */
type ReadInput =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly misfits: readonly string[] };

/** Something that a model can do. Its name is what definitions and models call it by. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly origin: ToolOrigin;
  /** The JSON Schema of its arguments, an object. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The worst it can do. */
  readonly effect: ToolEffect;
  /** What its calls let into a run, or do to the outside; with an input, those of that call, whose texts may still be templates. */
  readonly capabilities: (input?: JsonObject) => readonly Capability[];
  /** The workspace's rule for its calls, or the tool's own where it has none: `deny` holds everywhere, the rest where a definition says nothing. */
  readonly policy?: ToolRule | undefined;
  readonly limits: ToolLimits;
  /** The rest of its identity, besides what a model is told of it, such as the address it calls. A change of it is a change of the tool. */
  readonly behind?: unknown;
  /** Pins of what it was before, in whose place an admin has accepted it. */
  readonly acceptedPins?: readonly string[] | undefined;
  /** The difference from the tool that the version at hand was published with. Nobody calls such a tool until an admin has accepted it. */
  readonly change?: { readonly digest: string; readonly changes: readonly ToolChange[] } | undefined;
  /** Earlier forms of the tool, for versions that were published with them. */
  readonly earlier?: readonly Tool[] | undefined;
  /** Describes the tool to a model beside the other tools that it may call. */
  readonly describeAmong?: ((others: readonly Tool[]) => string) | undefined;
  /** True where its input goes to the host that the input names, and nowhere else. Only such a tool may be given secrets. */
  readonly sendsToHosts: boolean;
  /** True where it accounts for what it does by `once` and `wait`, part by part. All others are journaled as one call. */
  readonly inParts: boolean;
  readonly readInput: (given: unknown) => ReadInput;
  /** Decides the effect of a call with this input, as it was read. */
  readonly decideEffect: (input: unknown) => ToolEffect;
  /** Runs one call with input as it was read. @returns JSON */
  readonly run: (input: unknown, context: ToolContext) => Promise<unknown>;
}

/** A tool that says nothing else may take so long, and tell a model so much: about 15,000 tokens, what it still reads with attention. */
export const LIMITS_DEFAULT: ToolLimits = { timeoutMs: 60_000, bytes: 60_000 };
