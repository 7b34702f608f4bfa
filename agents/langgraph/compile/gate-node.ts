import { Runnable } from "@langchain/core/runnables";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { readGraphCall } from "#/agents/langgraph/compile/graph-call.ts";
import { tasksOwn, type Write } from "#/agents/langgraph/compile/direct-node.ts";
import { decideGate, type GateView, type PlacedGate } from "#/agents/langgraph/compile/gate.ts";
import { type Channels, JOINS, type Update } from "#/agents/steps/node.ts";
import { parkedNodes } from "#/agents/langgraph/compile/parked-task.ts";

/** LangGraph's own channels, which say what runs. */
export interface ControlChannels {
  /** The channel that leads to a node. */
  readonly towards: (node: string) => string;
  /** The channel of sent tasks. */
  readonly sent: string;
  /** By channel: the node that runs when it has a value. */
  readonly triggers: ReadonlyMap<string, string>;
}

/** An active join. It sees from the channels that have led to this superstep what else runs in it, and opens when nobody else can arrive. */
export class GateNode extends Runnable<Channels, Update> {
  override lc_namespace = ["cairn"];
  readonly #gate: PlacedGate;
  readonly #control: ControlChannels;
  readonly #isArrival: boolean;

  /** @param isArrival whether it is the node that arrivals lead to, or the one that only looks again */
  constructor(gate: PlacedGate, control: ControlChannels, isArrival: boolean) {
    super();
    this.#gate = gate;
    this.#control = control;
    this.#isArrival = isArrival;
  }

  /** Like every node it begins when the superstep before is stored. */
  override async invoke(channels: Channels, config: LangGraphRunnableConfig): Promise<Update> {
    await readGraphCall(config).enter(config);
    const { send, read } = tasksOwn(config);
    const { triggers, sent } = this.#control;
    const ready = read([...triggers.keys(), sent], false);
    const running = new Set(
      [...triggers]
        .flatMap(([channel, node]) => (channel in ready ? [node] : []))
        .concat(sentTo(ready[sent])),
    );
    // Who arrives in the same superstep looks for both.
    if (this.#isArrival || !running.has(this.#gate.name)) send(this.#writes(channels, running));
    return {};
  }

  #writes(channels: Channels, running: ReadonlySet<string>): readonly Write[] {
    const { name, look, target, wakes } = this.#gate;
    const { towards } = this.#control;
    const pending = waitedAt(channels);
    const view: GateView = {
      isPending: this.#isArrival || pending.has(name),
      running,
      parked: parkedNodes(channels),
      pending,
    };
    switch (decideGate(this.#gate, view)) {
      case "idle":
        return [];
      case "stay":
        return [[JOINS, { [name]: true }]];
      case "look-again":
        return [
          [JOINS, { [name]: true }],
          [towards(look), name],
        ];
      case "open":
        return [[JOINS, { [name]: null }], ...[target, ...wakes].map((node): Write => [towards(node), name])];
    }
  }
}

/** We wrote the channel ourselves. */
function waitedAt(channels: Channels): ReadonlySet<string> {
  return new Set(
    Object.entries(channels[JOINS] ?? {}).flatMap(([name, isWaiting]) => (isWaiting === true ? [name] : [])),
  );
}

/** The nodes of Sends. */
function sentTo(sends: unknown): readonly string[] {
  return Array.isArray(sends) ? sends.map((send: { readonly node: string }) => send.node) : [];
}
