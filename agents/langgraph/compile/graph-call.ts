import type { RunnableConfig } from "@langchain/core/runnables";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { CheckpointStore } from "#/agents/langgraph/checkpoint/store.ts";
import type { Channels, StepNode, Written } from "#/agents/steps/node.ts";
import type { ParkedTask } from "#/agents/langgraph/compile/parked-task.ts";

/** The values that expressions may see besides the state. */
export type FixedScope = Readonly<Record<string, unknown>>;

/** The place where a node runs: its name in the graph, what it sees, and the parked task that it continues with. */
export interface NodePlace {
  readonly name: string;
  /** The channels of the state, or what the node was sent. */
  readonly channels: Channels;
  /** Channels that the node sees besides. */
  readonly beside: Channels;
  readonly parked: ParkedTask | undefined;
}

/**
 * The one call of a graph for one run: its scope, its checkpoints and who runs its nodes. It travels in the configuration of the call, so that one compiled graph serves all runs of a version:
 * building one takes 0.5 to 1 ms, as much as a superstep.
 */
export interface GraphCall {
  readonly scope: FixedScope;
  readonly checkpoints: CheckpointStore;
  /** Waits until the superstep before is stored. @throws GraphDrained when there is to be no other */
  readonly enter: (config: LangGraphRunnableConfig) => Promise<unknown>;
  /** Makes a node durable: journal, log, retry, and a commit before the next superstep. */
  readonly run: (node: StepNode, place: NodePlace, config: LangGraphRunnableConfig) => Promise<Written>;
}

/** Reads what a call brings. LangGraph's settings are `any`; the one place that writes this one is the call itself. */
export function readGraphCall(config: RunnableConfig): GraphCall {
  const graphCall: GraphCall | undefined = config.configurable?.["graphCall"];
  if (!graphCall) throw new Error("A graph was called without its GraphCall.");
  return graphCall;
}
