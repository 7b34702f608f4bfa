import { Graph, layout } from "@dagrejs/dagre";
import type { FlowGraph, FlowNode } from "./flow-graph.ts";
import type { Point } from "./point.ts";

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

const NODE = { width: 248, head: 36, line: 20, row: 28 } as const;
const END_WIDTH = 184;
/** Around what a frame holds: its label above, air on the other sides. */
const FRAME = { label: 36, pad: 14 } as const;
/** The name of a group stands between its first step and the one before, as a label of the way there would. */
const GROUP_LABEL = { width: 1, height: FRAME.label, labelpos: "c" } as const;
const SPACE = { nodesep: 48, ranksep: 44 } as const;
const INNER_SPACE = { nodesep: 24, ranksep: 32 } as const;

/** The size of a node as it is drawn; a frame is as large as what it holds. */
export function measureNode({ kind, summary, exits }: FlowNode): { width: number; height: number } {
  const rows = exits.length * (NODE.row + 1);
  return {
    width: kind === "step" ? NODE.width : END_WIDTH,
    height: NODE.head + (summary === undefined ? 0 : NODE.line) + rows + 2,
  };
}

/** Places every node: where people have put it, else where dagre does. Nodes of a map are placed inside its frame. */
export function placeNodes(graph: FlowGraph): ReadonlyMap<string, Box> {
  const boxes = new Map(
    [...arrange(graph)].map(([id, box]) => [id, Object.assign({}, box, graph.positions.get(id))] as const),
  );
  if (graph.positions.size > 0) placeNewcomers(graph, boxes);
  return boxes;
}

/** A step that is new among steps that people have placed stands below the one that leads to it, where there is room. */
function placeNewcomers({ nodes, edges, positions }: FlowGraph, boxes: Map<string, Box>): void {
  const settled = new Set(positions.keys());
  for (const { id, map } of nodes) {
    const way = edges.find(({ source, target }) => target === id && settled.has(source));
    const [above, own] = [boxes.get(way?.source ?? ""), boxes.get(id)];
    if (map !== undefined || settled.has(id) || !above || !own) continue;
    const others = [...settled].flatMap((other) => boxes.get(other) ?? []);
    const x = above.x + Math.round((above.width - own.width) / 2);
    boxes.set(id, findRoom({ ...own, x, y: above.y + above.height + SPACE.ranksep }, others));
    settled.add(id);
  }
}

/** Moves a box to the right until nothing lies below it. */
export function findRoom(box: Box, others: readonly Box[]): Box {
  const inTheWay = others.find((other) => isTouching(box, other));
  return inTheWay ? findRoom({ ...box, x: inTheWay.x + inTheWay.width + SPACE.nodesep }, others) : box;
}

const isTouching = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

/** The last arrangement: while a text is typed, the steps and ways are mostly the same, and large graphs take a second. */
let last: { readonly key: string; readonly boxes: ReadonlyMap<string, Box> } | undefined;

/** Places every node anew, as if nobody had moved one. */
function arrange(graph: FlowGraph): ReadonlyMap<string, Box> {
  const key = JSON.stringify([
    graph.nodes.map((node) => [node.id, node.map, node.isFrame, measureNode(node)]),
    graph.edges.map(({ source, target, isBack }) => [source, target, isBack]),
    graph.groups.map(({ members }) => members),
  ]);
  if (last?.key !== key) last = { key, boxes: layOutAll(graph) };
  return last.boxes;
}

function layOutAll(graph: FlowGraph): ReadonlyMap<string, Box> {
  const byMap = Map.groupBy(graph.nodes, ({ map }) => map);
  const boxes = new Map<string, Box>();
  for (const frame of graph.nodes.filter(({ isFrame }) => isFrame)) {
    const inner = layOut(byMap.get(frame.id) ?? [], graph, { rankdir: "LR", ...INNER_SPACE });
    for (const [id, box] of inner) boxes.set(id, { ...box, x: box.x + FRAME.pad, y: box.y + FRAME.label });
    boxes.set(frame.id, { x: 0, y: 0, ...frameSize([...inner.values()], frame) });
  }
  const outer = (byMap.get(undefined) ?? []).map((node) =>
    Object.assign({}, node, { size: boxes.get(node.id) }),
  );
  for (const [id, box] of layOut(outer, graph, { rankdir: "TB", ...SPACE })) boxes.set(id, box);
  return boxes;
}

function frameSize(inner: readonly Box[], frame: FlowNode): { width: number; height: number } {
  const right = Math.max(NODE.width, ...inner.map(({ x, width }) => x + width));
  const bottom = Math.max(NODE.head, ...inner.map(({ y, height }) => y + height));
  const rows = frame.exits.length * (NODE.row + 1);
  return { width: right + 2 * FRAME.pad, height: FRAME.label + bottom + FRAME.pad + rows };
}

interface Sized extends FlowNode {
  readonly size?: { readonly width: number; readonly height: number } | undefined;
}

function layOut(
  nodes: readonly Sized[],
  { edges, groups }: FlowGraph,
  direction: { readonly rankdir: "LR" | "TB"; readonly nodesep: number; readonly ranksep: number },
): ReadonlyMap<string, Box> {
  const graph = new Graph({ multigraph: true });
  graph.setGraph(direction);
  graph.setDefaultEdgeLabel(() => ({}));
  const sizes = new Map(nodes.map((node) => [node.id, node.size ?? measureNode(node)] as const));
  for (const [id, { width, height }] of sizes) graph.setNode(id, { width, height });
  for (const { id, source, target, isBack } of edges) {
    if (!sizes.has(source) || !sizes.has(target) || isBack) continue;
    const goesInto = groups.some(({ members }) => members.includes(target) && !members.includes(source));
    graph.setEdge(source, target, { weight: 1, ...(goesInto && GROUP_LABEL) }, id);
  }
  layout(graph);
  return new Map(
    [...sizes].map(([id, { width, height }]) => {
      const { x, y } = graph.node(id);
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height }] as const;
    }),
  );
}

/** The frame around some nodes that are drawn as one. */
export function boxAround(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  const left = Math.min(...boxes.map(({ x }) => x)) - FRAME.pad;
  const top = Math.min(...boxes.map(({ y }) => y)) - FRAME.label;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + FRAME.pad;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + FRAME.pad;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
