import { Annotation, type Command, type LangGraphRunnableConfig, type StateDefinition, StateGraph } from "@langchain/langgraph";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { type Conductor, conductorOf } from "#/agents/compile/conductor.ts";
import type { Channels, StepNode, Update } from "#/agents/compile/node.ts";
import { leaveOutRunTrees } from "#/agents/compile/untraced.ts";
import { WorkspaceSaver } from "#/agents/checkpoint/saver.ts";

/** The part of StateGraph that is used. */
interface StateGraphPart {
  readonly addNode: (name: string, run: (channels: Channels, config: LangGraphRunnableConfig) => Promise<Update>) => unknown;
  readonly addEdge: (from: string | string[], to: string) => unknown;
  readonly addConditionalEdges: (from: string, route: (channels: Channels, config: LangGraphRunnableConfig) => unknown, targets: string[]) => unknown;
  readonly compile: (options: { readonly checkpointer: BaseCheckpointSaver<string | number> }) => CompiledGraph;
}

export interface CompiledGraph {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly invoke: (input: Command | Update | null, options: InvokeOptions) => Promise<unknown>;
}

interface InvokeOptions extends LangGraphRunnableConfig {
  readonly configurable: { readonly conductor: Conductor; readonly thread_id: string; readonly __pregel_strict_resume: true };
  readonly durability: "sync";
  readonly streamMode: "custom";
}

/** A graph under construction: names come out of a document, nodes are run by whoever conducts the call. */
export class LooseGraph {
  readonly #graph: StateGraphPart;

  /**
   * LangGraph's types carry every node's name and know savers with numeric versions only; our names come out of a document and our
   * versions may be texts. Hence the assertion, the only one: .oxlintrc.json allows it for this file.
   */
  constructor(channels: StateDefinition) {
    leaveOutRunTrees();
    this.#graph = new StateGraph(Annotation.Root(channels)) as unknown as StateGraphPart;
  }

  addStep(name: string, node: StepNode): void {
    this.#graph.addNode(name, (channels, config) => conductorOf(config).run(node, channels, config));
  }

  /** A node that only holds a place. */
  addPlace(name: string): void {
    this.#graph.addNode(name, async () => ({}));
  }

  addEdge(from: string | string[], to: string): void {
    this.#graph.addEdge(from, to);
  }

  /** @param route is told the channels and what else expressions may see */
  addRoute(from: string, route: (channels: Channels, scope: Conductor["scope"]) => unknown, targets: string[]): void {
    this.#graph.addConditionalEdges(from, (channels, config) => route(channels, conductorOf(config).scope), targets);
  }

  /** The result serves any number of runs at a time: each call brings its conductor. */
  compile(): CompiledGraph {
    return this.#graph.compile({ checkpointer: new WorkspaceSaver((config) => conductorOf(config).checkpoints, { mayFork: false }) });
  }
}
