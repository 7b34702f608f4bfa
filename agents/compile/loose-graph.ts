import { Annotation, type Command, END, type LangGraphRunnableConfig, type Send, START, type StateDefinition, StateGraph } from "@langchain/langgraph";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { type Conductor, conductorOf } from "#/agents/compile/conductor.ts";
import { DirectNode, type NodeParts, type Route } from "#/agents/compile/direct-node.ts";
import type { Channels, StepNode, Update } from "#/agents/compile/node.ts";
import { WorkspaceSaver } from "#/agents/checkpoint/saver.ts";

type Run = NodeParts["run"];

/** The part of StateGraph that is used. */
interface StateGraphPart {
  readonly addNode: (name: string, run: Run) => unknown;
  readonly addEdge: (from: string | string[], to: string) => unknown;
  readonly addConditionalEdges: (from: string, route: (channels: Channels, config: LangGraphRunnableConfig) => unknown, targets: string[]) => unknown;
  readonly compile: (options: { readonly checkpointer: BaseCheckpointSaver<string | number> }) => StateGraphResult;
}

/** The parts of a node that run one after the other: the function, and what writes its result and where it leads. */
interface PregelNodePart {
  bound: unknown;
  writers: unknown[];
}

interface StateGraphResult {
  readonly nodes: Readonly<Record<string, PregelNodePart>>;
  readonly channels: Readonly<Record<string, unknown>>;
  readonly invoke: CompiledGraph["invoke"];
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

/** LangGraph's channel of a node that is to run next. */
export const BRANCH = "branch:to:";
/** LangGraph's channel of sent tasks. */
const SENT = "__pregel_tasks";

interface Place {
  readonly run: Run;
  readonly edges: [channel: string, value: unknown][];
  readonly routes: Route[];
}

/** A graph under construction: names come out of a document, nodes are run by whoever conducts the call. */
export class LooseGraph {
  readonly #graph: StateGraphPart;
  readonly #stateChannels: readonly string[];
  readonly #places = new Map<string, Place>();

  /**
   * LangGraph's types carry every node's name and know savers with numeric versions only; our names come out of a document and our
   * versions may be texts. Hence the assertion, the only one: .oxlintrc.json allows it for this file.
   */
  constructor(channels: StateDefinition) {
    this.#stateChannels = Object.keys(channels);
    this.#graph = new StateGraph(Annotation.Root(channels)) as unknown as StateGraphPart;
    // It writes the input to the state.
    this.#places.set(START, { run: async (input) => input, edges: [], routes: [] });
  }

  addStep(name: string, node: StepNode): void {
    this.#add(name, (channels, config) => conductorOf(config).run(node, channels, config));
  }

  /** A node that only holds a place. */
  addPlace(name: string): void {
    this.#add(name, async () => ({}));
  }

  #add(name: string, run: Run): void {
    this.#places.set(name, { run, edges: [], routes: [] });
    this.#graph.addNode(name, run);
  }

  addEdge(from: string | string[], to: string): void {
    this.#graph.addEdge(from, to);
    if (to === END) return;
    if (typeof from === "string") this.#places.get(from)?.edges.push([BRANCH + to, null]);
    else for (const name of from) this.#places.get(name)?.edges.push([`join:${from.join("+")}:${to}`, name]);
  }

  /** @param route is told the channels and what else expressions may see */
  addRoute(from: string, route: (channels: Channels, scope: Conductor["scope"]) => string | readonly (string | Send)[], targets: string[]): void {
    const onwards: Route = (channels, config) => [route(channels, conductorOf(config).scope)].flat().filter((target) => target !== END);
    this.#graph.addConditionalEdges(from, onwards, targets);
    this.#places.get(from)?.routes.push(onwards);
  }

  /** The result serves any number of runs at a time: each call brings its conductor. */
  compile(): CompiledGraph {
    const graph = this.#graph.compile({ checkpointer: new WorkspaceSaver((config) => conductorOf(config).checkpoints, { mayFork: false }) });
    for (const [name, place] of this.#places) {
      const node = graph.nodes[name];
      const unknown = place.edges.find(([channel]) => !(channel in graph.channels));
      if (!node || unknown) throw new Error(`LangGraph made no ${node ? `channel ${unknown?.[0]}` : `node ${name}`}.`);
      node.bound = new DirectNode({ ...place, stateChannels: this.#stateChannels, toWrite: (target) => (typeof target === "string" ? [BRANCH + target, name] : [SENT, target]) });
      node.writers = [];
    }
    return graph;
  }
}
