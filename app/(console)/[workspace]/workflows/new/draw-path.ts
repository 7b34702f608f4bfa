import { Graph, layout } from "@dagrejs/dagre";
import type { Outline, OutlineNode } from "#/agents/definition/outline/outline.ts";
import { lookOfStep } from "../../_canvas/step-look.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A step as a stone: work of a model, a person's turn, other work, or one of the two ends. */
export interface Stone extends Point {
  readonly id: string;
  readonly look: "start" | "model" | "person" | "work" | "end";
}

/** A definition as a small path of stones, from left to right. */
export interface StonePath {
  readonly width: number;
  readonly height: number;
  readonly stones: readonly Stone[];
  readonly ways: readonly (readonly [from: Point, to: Point])[];
  /** Around what a map does for each item, a loop, or a crew. */
  readonly frames: readonly Box[];
}

const STONE = { width: 28, height: 24 } as const;
const SPACE = { nodesep: 20, ranksep: 24, marginx: 16, marginy: 16 } as const;
const FRAME_PAD = 10;

/** Steps and ways on one level: those of a map stand where the map does. */
interface Level {
  readonly looks: ReadonlyMap<string, Stone["look"]>;
  readonly ways: readonly (readonly [from: string, to: string])[];
  readonly frames: readonly (readonly string[])[];
}

/** Draws an outline as a path of stones. */
export function drawPath(outline: Outline): StonePath {
  const { looks, ways, frames } = flatten(outline);
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", ...SPACE });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of looks.keys()) graph.setNode(id, { ...STONE });
  for (const [from, to] of ways) graph.setEdge(from, to);
  layout(graph);
  const stones = [...looks].map(([id, look]): Stone => {
    const { x, y } = graph.node(id);
    return { id, look, x: Math.round(x), y: Math.round(y) };
  });
  const at = new Map(stones.map((stone) => [stone.id, stone] as const));
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    stones,
    ways: ways.flatMap(([from, to]) => {
      const [start, end] = [at.get(from), at.get(to)];
      return start && end ? [[start, end] as const] : [];
    }),
    frames: frames.flatMap((members) => frameAround(members.flatMap((id) => at.get(id) ?? []))),
  };
}

function frameAround(stones: readonly Stone[]): readonly Box[] {
  if (stones.length === 0) return [];
  const [xs, ys] = [stones.map(({ x }) => x), stones.map(({ y }) => y)];
  const x = Math.min(...xs) - STONE.width / 2 - FRAME_PAD;
  const y = Math.min(...ys) - STONE.height / 2 - FRAME_PAD;
  const width = Math.max(...xs) + STONE.width / 2 + FRAME_PAD - x;
  const height = Math.max(...ys) + STONE.height / 2 + FRAME_PAD - y;
  return [{ x, y, width, height }];
}

function lookOf({ type }: OutlineNode): Stone["look"] {
  if (type === "approval") return "person";
  return lookOfStep(type).isModel ? "model" : "work";
}

/** The stones that take the place of a node: itself, or what a map does for each item. */
function listParts({ id, body }: OutlineNode): readonly string[] {
  return body && body.nodes.length > 0 ? body.nodes.map((part) => `${id}/${part.id}`) : [id];
}

function flatten({ nodes, edges, groups }: Outline): Level {
  const looks = new Map<string, Stone["look"]>([["start", "start"]]);
  const ends = new Map<string, { readonly first: readonly string[]; readonly last: readonly string[] }>();
  const inner = nodes.flatMap((node) => {
    const parts = listParts(node);
    for (const [index, part] of parts.entries()) looks.set(part, lookOf(node.body?.nodes[index] ?? node));
    ends.set(node.id, endsOf(node, parts));
    return insideOf(node);
  });
  looks.set("end", "end");
  const outer = edges
    .filter(({ isBack }) => isBack !== true)
    .flatMap(({ from, to }) =>
      (ends.get(from)?.last ?? [from]).flatMap((start) =>
        (ends.get(to)?.first ?? [to]).map((end) => [start, end] as const),
      ),
    );
  const ways = [...outer, ...inner].filter(([from, to]) => looks.has(from) && looks.has(to));
  const maps = nodes.filter(({ body }) => body && body.nodes.length > 0).map((node) => listParts(node));
  return { looks, ways, frames: [...groups.map(({ members }) => members), ...maps] };
}

/** The ways between the parts of a map. */
const insideOf = ({ id, body }: OutlineNode): readonly (readonly [string, string])[] =>
  (body?.edges ?? [])
    .filter(({ from, to, isBack }) => from !== "start" && to !== "end" && isBack !== true)
    .map(({ from, to }) => [`${id}/${from}`, `${id}/${to}`] as const);

/** The stones that are come to, and those that are left from. */
function endsOf({ id, body }: OutlineNode, parts: readonly string[]) {
  const edges = body?.edges ?? [];
  const first = edges.filter(({ from }) => from === "start").map(({ to }) => `${id}/${to}`);
  const last = edges.filter(({ to }) => to === "end").map(({ from }) => `${id}/${from}`);
  return {
    first: first.length > 0 ? first : parts.slice(0, 1),
    last: last.length > 0 ? last : parts.slice(-1),
  };
}
