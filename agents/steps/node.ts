import type { Plan } from "#/agents/definition/plan/plan.ts";
import type { RetryPolicy } from "#/agents/engine/failure.ts";
import type { RunError } from "#/agents/engine/run.ts";
import type { LogKind } from "#/agents/vocabulary/log-line.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

/** Channel values as a node sees them. */
export type Channels = Readonly<Record<string, unknown>>;

/** A node's writes to the channels. */
export type Update = Readonly<Record<string, unknown>>;

/** One node of the compiled graph, without anything durable: the runner wraps it. */
export interface StepNode {
  readonly step: string;
  /** The kind of line that the node writes into the run's log. */
  readonly kind: Exclude<LogKind, "run">;
  /** Tells the node's tasks of one superstep apart. The same work has the same key, also when the superstep is repeated. */
  readonly keyOf: (channels: Channels) => string;
  readonly retry: RetryPolicy;
  /** The longest that one execution may take. */
  readonly timeoutMs: number;
  /** The `timeout` that the definition gives the step, which holds for what the step has others do, too. */
  readonly timeLimitMs?: number | undefined;
  /** Returns what the node still writes when it has failed for good, by its error policy; undefined when the run fails with it. */
  readonly onFailure: (error: RunError, channels: Channels) => Update | undefined;
  /** Says nothing in the log when all is well: it only prepares what other nodes do. */
  readonly quiet?: boolean;
  /** The node whose tasks it gathers: as long as one of them waits, it does nothing; that one leads to it again. */
  readonly gathers?: string;
  /** The keys of the public state that its definition reads; undefined, or without this: perhaps all. */
  readonly reads?: () => ReadonlySet<string> | undefined;
  /** Started by a Send: it gets what was sent in place of the channels. */
  readonly sent?: boolean;
  /** A channel that a sent task sees besides what it was sent. */
  readonly sees?: string;
  /** Tells whether the node has nothing to do: it says nothing then, and leads nowhere. */
  readonly isIdle?: (channels: Channels) => boolean;
  readonly run: (task: Task, channels: Channels) => Promise<NodeResult>;
}

export interface NodeResult extends StepResult {
  readonly update: Update;
}

/** The surroundings that a step of one task may look at. */
export interface StepView {
  readonly id: string;
  readonly plan: Plan;
  readonly channels: Channels;
}

const STATE_PREFIX = "state.";
/** Channel of a key of the public state. Node names and channel names share one namespace in LangGraph, hence the prefixes. */
export const stateChannel = (key: string) => `${STATE_PREFIX}${key}`;
/** The key of the public state that a channel holds; undefined for the engine's own channels. */
export const parseStateKey = (channel: string) =>
  channel.startsWith(STATE_PREFIX) ? channel.slice(STATE_PREFIX.length) : undefined;
/** Channel of the conversation of an agent step. */
export const conversationChannel = (step: string) => `agent.${step}`;
/** Channel of what is under way in a map. */
export const mapChannel = (step: string) => `map.${step}`;
/** Channel of how often bounded branches were taken. */
export const LOOPS = "run.loops";
/** Channel of the active joins that somebody has arrived at and that have not continued yet, by the names of their nodes. */
export const JOINS = "run.joins";
/** Channel of the steps that failed and where their error policy sends the run. */
export const DETOURS = "run.detours";
export const STARTED = "run.started";
/** Channel of the tasks that wait, by the id of their wait. */
export const PARKED = "run.parked";

/** The writes of a node, and whether what follows it may start. */
export interface Written {
  readonly update: Update;
  readonly leadsOn: boolean;
}
