import {
  Annotation,
  END,
  type LangGraphRunnableConfig,
  type Send,
  START,
  type StateDefinition,
  StateGraph,
} from "@langchain/langgraph";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { parkedChannel } from "#/agents/langgraph/compile/channels.ts";
import { type GraphCall, readGraphCall } from "#/agents/langgraph/compile/graph-call.ts";
import {
  DirectNode,
  type NodeParts,
  type Route,
  type Write,
} from "#/agents/langgraph/compile/direct-node.ts";
import { type Gate, placeGates } from "#/agents/langgraph/compile/gate.ts";
import { NamedBarrierValue } from "@langchain/langgraph/channels";
import { JoinChannel } from "#/agents/langgraph/compile/join-channel.ts";
import { GateNode } from "#/agents/langgraph/compile/gate-node.ts";
import type { Channels, StepNode, Update } from "#/agents/steps/node.ts";
import { WorkspaceSaver } from "#/agents/langgraph/checkpoint/saver.ts";

type Run = NodeParts["run"];

/** The part of StateGraph that is used. */
interface StateGraphPart {
  readonly addNode: (name: string, run: Run) => unknown;
  readonly addEdge: (from: string | string[], to: string) => unknown;
  readonly addConditionalEdges: (
    from: string,
    route: (channels: Channels, config: LangGraphRunnableConfig) => unknown,
    targets: string[],
  ) => unknown;
  readonly compile: (options: {
    readonly checkpointer: BaseCheckpointSaver<string | number>;
  }) => StateGraphResult;
}

/** The parts of a node that run one after the other: the function, and what writes its result and where it leads. */
interface PregelNodePart {
  readonly triggers: readonly string[];
  bound: unknown;
  writers: unknown[];
}

interface StateGraphResult {
  readonly nodes: Readonly<Record<string, PregelNodePart>>;
  readonly channels: Record<string, unknown>;
  readonly invoke: CompiledGraph["invoke"];
}

export interface CompiledGraph {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly invoke: (input: Update | null, options: InvokeOptions) => Promise<unknown>;
}

interface InvokeOptions extends LangGraphRunnableConfig {
  readonly configurable: { readonly graphCall: GraphCall; readonly thread_id: string };
  readonly durability: "sync";
  readonly streamMode: "custom";
}

/** LangGraph's channel of a node that is to run next. */
export const BRANCH = "branch:to:";
/** Tells whether a step has arrived at a join, as the channels tell after it. */
export type Arrives = (channels: Channels) => boolean;

/** LangGraph's channel of sent tasks. */
export const SENT = "__pregel_tasks";

interface Wiring {
  readonly run: Run;
  readonly sees: readonly string[];
  readonly edges: Write[];
  readonly routes: Route[];
  readonly wakes: Write[];
}

/** A graph under construction: names come out of a document, nodes are run by the GraphCall. */
export class LooseGraph {
  readonly #graph: StateGraphPart;
  readonly #stateChannels: readonly string[];
  readonly #nodes = new Map<string, Wiring>();
  readonly #gates: Gate[] = [];
  readonly #leads = new Map<string, Set<string>>();

  /**
   * LangGraph's types carry every node's name and know savers with numeric versions only; our names come out of a document and our
   * versions may be texts. Hence the assertion, the only one: .oxlintrc.json allows it for this file.
   */
  constructor(ownChannels: StateDefinition) {
    const channels = { ...ownChannels, ...parkedChannel() };
    this.#stateChannels = Object.keys(channels);
    this.#graph = new StateGraph(Annotation.Root(channels)) as unknown as StateGraphPart;
    // It writes the input to the state.
    this.#nodes.set(START, {
      run: async ({ channels: update }) => ({ update, leadsOn: true }),
      sees: [],
      edges: [],
      routes: [],
      wakes: [],
    });
  }

  addStep(name: string, node: StepNode): void {
    const run: Run = ({ channels, beside }, config, parked) =>
      readGraphCall(config).run(node, { name, channels, beside, parked }, config);
    this.#add(name, run, node.sees === undefined ? [] : [node.sees]);
  }

  /** A node that only holds a place. */
  addEmptyNode(name: string): void {
    this.#add(name, async (_seen, config) => {
      await readGraphCall(config).enter(config);
      return { update: {}, leadsOn: true };
    });
  }

  #add(name: string, run: Run, sees: readonly string[] = []): void {
    this.#nodes.set(name, { run, sees, edges: [], routes: [], wakes: [] });
    this.#graph.addNode(name, run);
  }

  addEdge(from: string, to: string): void {
    this.#graph.addEdge(from, to);
    this.#lead(from, [to]);
    if (to !== END) this.#nodes.get(from)?.edges.push([BRANCH + to, null]);
  }

  /**
   * Waits for all of its steps.
   * @param arrivals for steps that may go another way: whether they have arrived
   */
  addJoin(from: readonly string[], to: string, arrivals: ReadonlyMap<string, Arrives>): void {
    this.#graph.addEdge([...from], to);
    for (const name of from) {
      this.#lead(name, [to]);
      const arrival: Write = [`join:${from.join("+")}:${to}`, name];
      const arrives = arrivals.get(name);
      if (arrives) this.#nodes.get(name)?.routes.push((channels) => (arrives(channels) ? [arrival] : []));
      else this.#nodes.get(name)?.edges.push(arrival);
    }
  }

  /** Waits for those of its steps that are under way. */
  addGate(gate: Gate): void {
    const { name, look, target } = gate;
    this.#gates.push(gate);
    for (const node of [name, look]) {
      this.#graph.addNode(node, async () => ({ update: {}, leadsOn: true }));
      this.#graph.addConditionalEdges(node, () => [], [look, target]);
    }
    // Looking again is no arrival: two gates that look at each other would never open.
    this.#lead(name, [target]);
  }

  #lead(from: string, targets: readonly string[]): void {
    const known = this.#leads.get(from) ?? new Set();
    for (const target of targets) known.add(target);
    this.#leads.set(from, known);
  }

  /** @param route is told the channels, what else expressions may see, and what the node itself has written */
  addRoute(
    from: string,
    route: (
      channels: Channels,
      scope: GraphCall["scope"],
      update: Update,
    ) => string | readonly (string | Send)[],
    targets: string[],
  ): void {
    const onwards = (channels: Channels, config: LangGraphRunnableConfig, update: Update) =>
      [route(channels, readGraphCall(config).scope, update)].flat().filter((target) => target !== END);
    const toWrite = (target: string | Send): Write =>
      typeof target === "string" ? [BRANCH + target, from] : [SENT, target];
    this.#graph.addConditionalEdges(from, () => [], targets);
    this.#lead(from, targets);
    this.#nodes.get(from)?.routes.push((...seen) => onwards(...seen).map(toWrite));
  }

  /** The result serves any number of runs at a time: each call brings its GraphCall. */
  compile(): CompiledGraph {
    const graph = this.#graph.compile({
      checkpointer: new WorkspaceSaver((config) => readGraphCall(config).checkpoints, { mayFork: false }),
    });
    for (const [name, place] of this.#nodes) {
      const node = graph.nodes[name];
      const unknown = place.edges.find(([channel]) => !(channel in graph.channels));
      if (!node || unknown)
        throw new Error(`LangGraph made no ${node ? `channel ${unknown?.[0]}` : `node ${name}`}.`);
      node.bound = new DirectNode({ ...place, stateChannels: this.#stateChannels });
      node.writers = [];
    }
    for (const [name, channel] of Object.entries(graph.channels))
      if (channel instanceof NamedBarrierValue) graph.channels[name] = new JoinChannel(channel.names);
    this.#bindGates(graph);
    return graph;
  }

  #bindGates({ nodes }: StateGraphResult): void {
    const byTrigger = Object.entries(nodes).flatMap(([name, { triggers }]) =>
      triggers.map((channel): [string, string] => [channel, name]),
    );
    for (const gate of placeGates(this.#gates, this.#leads)) {
      const triggers = new Map(byTrigger.filter(([, name]) => name === gate.name || gate.upstream.has(name)));
      for (const name of gate.upstream) this.#nodes.get(name)?.wakes.push([BRANCH + gate.look, name]);
      for (const name of [gate.name, gate.look]) {
        const node = nodes[name];
        if (!node) throw new Error(`LangGraph made no node ${name}.`);
        node.bound = new GateNode(
          gate,
          { towards: (target) => BRANCH + target, sent: SENT, triggers },
          name === gate.name,
        );
        node.writers = [];
      }
    }
  }
}
