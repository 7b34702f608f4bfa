import { Annotation, type Command, type LangGraphRunnableConfig, type StateDefinition, StateGraph } from "@langchain/langgraph";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { Channels, Update } from "#/agents/compile/node.ts";

export type NodeFunction = (channels: Channels, config: LangGraphRunnableConfig) => Promise<Update>;

/** The part of StateGraph that is used. */
export interface LooseGraph {
  readonly addNode: (name: string, run: NodeFunction) => unknown;
  readonly addEdge: (from: string | string[], to: string) => unknown;
  readonly addConditionalEdges: (from: string, route: (channels: Channels) => unknown, targets: string[]) => unknown;
  readonly compile: (options: { readonly checkpointer: BaseCheckpointSaver<string | number> }) => CompiledGraph;
}

export interface CompiledGraph {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly invoke: (input: Command | Update | null, options: InvokeOptions) => Promise<unknown>;
}

interface InvokeOptions extends LangGraphRunnableConfig {
  readonly durability: "sync";
  readonly streamMode: "custom";
}

/**
 * LangGraph's types carry every node's name and know savers with numeric versions only; our names come out of a document and our
 * versions are texts. Hence the assertion, the only one: .oxlintrc.json allows it for this file.
 */
export function newGraph(channels: StateDefinition): LooseGraph {
  return new StateGraph(Annotation.Root(channels)) as unknown as LooseGraph;
}
