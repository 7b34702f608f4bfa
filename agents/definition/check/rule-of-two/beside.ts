import type { Origins } from "#/agents/definition/check/rule-of-two/exposure.ts";
import type { FlowNode } from "#/agents/definition/check/rule-of-two/flow.ts";
import type { Inward } from "#/agents/vocabulary/capability.ts";
import { spendWork } from "#/agents/definition/work.ts";

interface NumberedWay {
  readonly targets: readonly number[];
  readonly waitsFor: readonly number[];
}

/** A flow with its nodes by number. */
export interface NumberedFlow {
  readonly nodes: readonly FlowNode[];
  readonly ways: readonly (readonly NumberedWay[])[];
}

export function numberFlow(nodes: readonly FlowNode[]): NumberedFlow {
  const numbers = new Map(nodes.map(({ key }, number) => [key, number]));
  const toNumbers = (keys: readonly string[]) => keys.flatMap((key) => numbers.get(key) ?? []);
  return {
    nodes,
    ways: nodes.map(({ ways }) =>
      ways.map(({ targets, waitsFor }) => ({ targets: toNumbers(targets), waitsFor: toNumbers(waitsFor) })),
    ),
  };
}

/** Steps that run side by side see what the others let in. */
export interface Beside {
  /** By node and way: what the ways beside it let in. */
  readonly gains: ReadonlyMap<number, readonly Origins[]>;
  /** The nodes beside which something may be let in while they are at work. */
  readonly disturbed: ReadonlySet<number>;
}

/** Finds what branches that leave a node together let in, each until it waits for all the others. */
export function findBeside(flow: NumberedFlow): Beside {
  const gains = new Map<number, readonly Origins[]>();
  const disturbed = new Set<number>();
  const sources = listSources(flow);
  for (const [fork, ways] of flow.ways.entries()) {
    if (ways.length < 2) continue;
    const regions = listRegions(flow, fork);
    const own = regions.map((region) => markNodes(region, flow.nodes.length));
    const times = countMarks(own);
    const gained = own.map((marks) => findGains(sources, marks, times));
    gains.set(fork, gained);
    const nodes = regions.filter((_, way) => Object.keys(gained[way] ?? {}).length > 0).flat();
    for (const node of nodes) disturbed.add(node);
  }
  return { gains, disturbed };
}

interface Source {
  readonly node: number;
  readonly origins: Origins;
}

const listSources = ({ nodes }: NumberedFlow): readonly Source[] =>
  nodes
    .map(({ exposure: { reads, answers } }, node) => ({ node, origins: { ...answers, ...reads } }))
    .filter(({ origins }) => origins.private ?? origins.untrusted);

function markNodes(region: readonly number[], length: number): Uint8Array {
  const marks = new Uint8Array(length);
  for (const node of region) marks[node] = 1;
  return marks;
}

function countMarks(marked: readonly Uint8Array[]): Uint16Array {
  const times = new Uint16Array(marked[0]?.length ?? 0);
  for (const marks of marked)
    for (let node = 0; node < times.length; node += 1) times[node] = (times[node] ?? 0) + (marks[node] ?? 0);
  return times;
}

/** Finds what is let in by other ways than the one that has `own`. */
function findGains(sources: readonly Source[], own: Uint8Array, times: Uint16Array): Origins {
  spendWork(sources.length);
  const isBeside = ({ node }: Source) => (times[node] ?? 0) > (own[node] ?? 0);
  const find = (inward: Inward) =>
    sources.find((source) => source.origins[inward] && isBeside(source))?.origins[inward];
  const [secret, foreign] = [find("private"), find("untrusted")];
  return { ...(secret && { private: secret }), ...(foreign && { untrusted: foreign }) };
}

/** Lists for each way from a fork the nodes that are reached by it before it meets all the others. */
function listRegions(flow: NumberedFlow, fork: number): readonly (readonly number[])[] {
  const ways = flow.ways[fork] ?? [];
  const everything = ways.map(
    ({ targets }) => new Set(reachFrom(flow, { targets, until: fork, passes: () => true })),
  );
  const meetsAll = ({ waitsFor }: NumberedWay) =>
    waitsFor.length > 0 &&
    everything.every((reached) => {
      spendWork(waitsFor.length);
      return waitsFor.some((node) => reached.has(node));
    });
  const isMeeting = new Map<NumberedWay, boolean>();
  const passes = (way: NumberedWay) => {
    const known = isMeeting.get(way) ?? meetsAll(way);
    isMeeting.set(way, known);
    return !known;
  };
  return ways.map((way) => (passes(way) ? reachFrom(flow, { targets: way.targets, passes }) : []));
}

interface Reach {
  readonly targets: readonly number[];
  readonly until?: number;
  readonly passes: (way: NumberedWay) => boolean;
}

/** Lists the nodes that are reached from some others, without going through `until`. */
function reachFrom({ nodes, ways }: NumberedFlow, { targets, until, passes }: Reach): readonly number[] {
  const isReached = new Uint8Array(nodes.length);
  const reached: number[] = [];
  const open = [...targets];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isReached[node] || node === until) continue;
    isReached[node] = 1;
    reached.push(node);
    for (const way of ways[node] ?? []) {
      spendWork(way.targets.length);
      if (passes(way)) open.push(...way.targets);
    }
  }
  return reached;
}
