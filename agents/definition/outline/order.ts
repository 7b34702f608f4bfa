import type { OutlineEdge } from "#/agents/definition/outline/edges.ts";

type Ways = ReadonlyMap<string, readonly OutlineEdge[]>;

const bySource = (edges: readonly OutlineEdge[]): Ways => Map.groupBy(edges, ({ from }) => from);

interface Reach {
  readonly known: readonly string[];
  readonly ways: readonly OutlineEdge[];
  readonly detours: readonly OutlineEdge[];
}

/**
 * Orders steps as a run reaches them, breadth first; then those that only a failure leads to, then the rest. The database keeps an object's keys in an
 * order of its own; the edges tell the author's.
 */
export function reachOrder({ known, ways, detours }: Reach): readonly string[] {
  const all = bySource([...ways, ...detours]);
  const reached = new Set(["start"]);
  reach(reached, bySource(ways));
  reach(reached, all);
  const steps = new Set(known);
  return [...new Set([...[...reached].filter((id) => steps.has(id)), ...known])];
}

/** A set that grows while it is walked is walked to its new end. */
function reach(reached: Set<string>, ways: Ways): void {
  for (const id of reached) for (const { to } of ways.get(id) ?? []) reached.add(to);
}

/** Marks the lines that lead back: to a step of the same loop that is reached no later. */
export function markBackEdges(
  edges: readonly OutlineEdge[],
  order: readonly string[],
): readonly OutlineEdge[] {
  const loops = findLoops(edges, order);
  const loopOf = new Map(loops.flatMap((members) => members.map((id) => [id, members])));
  const place = new Map(order.map((id, index) => [id, index]));
  return edges.map((edge) => {
    const loop = loopOf.get(edge.from);
    const leadsBack = (place.get(edge.to) ?? 0) <= (place.get(edge.from) ?? 0);
    return loop && loop === loopOf.get(edge.to) && leadsBack ? { ...edge, isBack: true } : edge;
  });
}

type Targets = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Finds the groups of steps that lead to each other (Kosaraju: what is left last is gone back from first). Takes as long as the edges are many, since
 * a draft is drawn at every key stroke.
 */
export function findLoops(
  edges: readonly OutlineEdge[],
  order: readonly string[],
): readonly (readonly string[])[] {
  const steps = new Set(order);
  const inside = edges.filter(({ from, to }) => steps.has(from) && steps.has(to));
  const targets = groupTargets(inside.map(({ from, to }) => [from, to]));
  const sources = groupTargets(inside.map(({ from, to }) => [to, from]));
  const free = new Set(order);
  const loops: (readonly string[])[] = [];
  for (const root of leavingOrder(targets, order).toReversed()) {
    if (!free.has(root)) continue;
    const members = takeReached(root, sources, free);
    if (members.size > 1 || targets.get(root)?.has(root)) loops.push(order.filter((id) => members.has(id)));
  }
  return loops;
}

function groupTargets(pairs: readonly (readonly [string, string])[]): Targets {
  const targets = new Map<string, Set<string>>();
  for (const [from, to] of pairs) {
    const known = targets.get(from) ?? new Set();
    targets.set(from, known.add(to));
  }
  return targets;
}

/** Depth first: a step is left when everything behind it has been. */
function leavingOrder(targets: Targets, order: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const left: string[] = [];
  const open = order.toReversed().map((id) => ({ id, isDone: false }));
  for (let visit = open.pop(); visit; visit = open.pop()) {
    const { id, isDone } = visit;
    if (isDone) left.push(id);
    if (seen.has(id)) continue;
    seen.add(id);
    open.push({ id, isDone: true });
    for (const to of targets.get(id) ?? []) open.push({ id: to, isDone: false });
  }
  return left;
}

function takeReached(root: string, ways: Targets, free: Set<string>): ReadonlySet<string> {
  const reached = new Set([root]);
  for (const id of reached) {
    free.delete(id);
    for (const to of ways.get(id) ?? []) if (free.has(to)) reached.add(to);
  }
  return reached;
}
