import type { RunnableConfig } from "@langchain/core/runnables";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { CheckpointStore } from "#/agents/checkpoint/store.ts";
import type { Channels, StepNode, Update } from "#/agents/compile/node.ts";

/** What expressions may see besides the state. */
export type FixedScope = Readonly<Record<string, unknown>>;

/**
 * Who has a run in hand while its graph runs. It travels in the configuration of the call, so that one compiled graph serves all runs of a version:
 * building one takes 0.5 to 1 ms, as much as a superstep.
 */
export interface Conductor {
  readonly scope: FixedScope;
  readonly checkpoints: CheckpointStore;
  /** Makes a node durable: journal, log, retry, and a commit before the next superstep. */
  readonly run: (node: StepNode, channels: Channels, config: LangGraphRunnableConfig) => Promise<Update>;
}

/** The conductor of a call. LangGraph's settings are `any`; the one place that writes this one is the call itself. */
export function conductorOf(config: RunnableConfig): Conductor {
  const conductor: Conductor | undefined = config.configurable?.["conductor"];
  if (!conductor) throw new Error("A graph was called without a conductor.");
  return conductor;
}
