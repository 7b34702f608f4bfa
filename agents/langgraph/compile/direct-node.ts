import { Runnable } from "@langchain/core/runnables";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Channels, Update, Written } from "#/agents/steps/node.ts";
import { type ParkedTask, resumedIn } from "#/agents/langgraph/compile/parked-task.ts";

/** One write of a task: a channel and its value. */
export type Write = readonly [channel: string, value: unknown];

/** Decides the writes that lead on from a node, by the channels as they are after the node's own writes, and by those writes. */
export type Route = (channels: Channels, config: LangGraphRunnableConfig, update: Update) => readonly Write[];

/** The channels that a node sees: the state or what it was sent, and what is beside that. */
interface Seen {
  readonly channels: Channels;
  readonly beside: Channels;
}

export interface NodeParts {
  readonly run: (seen: Seen, config: LangGraphRunnableConfig, parked?: ParkedTask) => Promise<Written>;
  /** Channels that it sees besides what it was sent. */
  readonly sees: readonly string[];
  /** Names of the state's channels: what `run` may write and a route sees. */
  readonly stateChannels: readonly string[];
  /** The edges that are always taken. */
  readonly edges: readonly Write[];
  readonly routes: readonly Route[];
  /** Gates that look again when a task of the node has waited and continues: it may be the last that they stayed for. */
  readonly wakes: readonly Write[];
}

/** The key under which LangGraph puts its functions for a task: in the configuration of the call. */
const SEND = "__pregel_send";
const READ = "__pregel_read";

/**
 * A node in one call: what the step returns, and where it leads, are written at once. StateGraph's own node is a sequence of five runnables, and each copies
 * the configuration of the call twice and makes a run tree for tracing: 0.16 of 0.57 ms of a superstep. See docs/decisions/2026-11-27-nodes-in-one-call.md.
 */
export class DirectNode extends Runnable<Channels, Written> {
  override lc_namespace = ["cairn"];
  readonly #parts: NodeParts;
  readonly #stateChannels: ReadonlySet<string>;

  constructor(parts: NodeParts) {
    super();
    this.#parts = parts;
    this.#stateChannels = new Set(parts.stateChannels);
  }

  override async invoke(channels: Channels, config: LangGraphRunnableConfig): Promise<Written> {
    const { run, stateChannels, sees, edges, routes, wakes } = this.#parts;
    const { send, read } = tasksOwn(config);
    const parked = resumedIn(channels);
    const own = parked ? (parked.sent ?? { ...read(stateChannels, false), ...parked.seen }) : channels;
    const beside = sees.length > 0 ? read(sees, false) : {};
    const written = await run({ channels: own, beside }, config, parked);
    const writes = Object.entries(written.update).filter(([channel]) => this.#stateChannels.has(channel));
    if (!written.leadsOn) {
      send(writes);
      return written;
    }
    send([...writes, ...edges, ...(parked ? wakes : [])]);
    for (const route of routes) send(route(read(stateChannels, true), config, written.update));
    return written;
  }
}

interface TasksOwn {
  readonly send: (writes: readonly Write[]) => void;
  /** Of channels that have no value nothing is read. `fresh`: as they are after the task's own writes. */
  readonly read: (channels: readonly string[], fresh: boolean) => Channels;
}

/** LangGraph's functions for a task. Its settings are `any`. @throws when it has none for this task */
export function tasksOwn({ configurable }: LangGraphRunnableConfig): TasksOwn {
  const own: { readonly [SEND]?: TasksOwn["send"]; readonly [READ]?: TasksOwn["read"] } = configurable ?? {};
  const { [SEND]: send, [READ]: read } = own;
  if (!send || !read) throw new Error("A node was called outside a graph.");
  return { send, read };
}
