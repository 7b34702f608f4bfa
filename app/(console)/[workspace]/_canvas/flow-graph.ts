import type { OutlineEdge } from "#/agents/definition/outline/edges.ts";
import {
  type Outline,
  outlineDefinition,
  type OutlineGroup,
  type OutlineNode,
} from "#/agents/definition/outline/outline.ts";
import { type Exit, listExits, nameExit } from "./exits.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { type FlowNote, readNotes } from "./notes.ts";
import { type Point, pointIn } from "./point.ts";
import { valueAtPointer } from "./pointer.ts";

/** A step, or one of the two ends, as the canvas draws it. */
export interface FlowNode {
  /** The step's name; of a step inside a map, `map/step`. Positions in the document have the same names. */
  readonly id: string;
  readonly kind: "start" | "step" | "end";
  readonly title: string;
  readonly type: string;
  readonly summary?: string | undefined;
  /** JSON pointer of what it shows. */
  readonly path: string;
  /** The map around it. */
  readonly map?: string;
  /** The rows from which branches leave. */
  readonly exits: readonly Exit[];
  /** A way leaves it that needs no row. */
  readonly hasNext: boolean;
  readonly isFrame: boolean;
  /** It is a step of a graph, and not a task of a crew or what a direct call does: it can be moved, renamed and connected. */
  readonly isOwn: boolean;
}

export interface FlowEdge {
  readonly id: string;
  readonly source: string;
  /** The row that it leaves from; undefined for the way that is always taken. */
  readonly exit?: string | undefined;
  readonly target: string;
  readonly kind: OutlineEdge["kind"];
  readonly label?: string | undefined;
  readonly isBack: boolean;
  readonly path: string;
}

/** A definition as the canvas draws it. */
export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  /** Loops, and the tasks of a crew: a line is drawn around each. */
  readonly groups: readonly OutlineGroup[];
  readonly notes: readonly FlowNote[];
  /** The places that people have put steps at. */
  readonly positions: ReadonlyMap<string, Point>;
}

/** Reads a definition, finished or not, for the canvas. */
export function readFlow(document: unknown): FlowGraph {
  const outline = outlineDefinition(document);
  const parts = [
    { outline, prefix: "" },
    ...outline.nodes.flatMap(({ id, body }) => (body ? [{ outline: body, prefix: `${id}/` }] : [])),
  ];
  const inner = parts.map(({ outline: part, prefix }) => readPart(document, part, prefix));
  return {
    nodes: [...inner.flatMap(({ nodes }) => nodes), ...readEnds(document, outline)],
    edges: inner.flatMap(({ edges }) => edges),
    groups: outline.groups,
    notes: readNotes(document),
    positions: positionsIn(document),
  };
}

interface Part {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

function readPart(document: unknown, outline: Outline, prefix: string): Part {
  const known = new Set(["start", "end", ...outline.nodes.map(({ id }) => id)]);
  const edges = outline.edges.filter(({ from, to }) => known.has(from) && known.has(to));
  const bySource = Map.groupBy(edges, ({ from }) => from);
  const isInside = (edge: OutlineEdge) => prefix === "" || (edge.from !== "start" && edge.to !== "end");
  return {
    nodes: outline.nodes.map((node) =>
      readNode({ node, fields: fieldsAt(document, node.path), leaving: bySource.get(node.id) ?? [], prefix }),
    ),
    edges: edges.filter(isInside).map((edge, index) => readEdge(edge, prefix, index)),
  };
}

interface Drawn {
  readonly node: OutlineNode;
  readonly fields: JsonObject;
  readonly leaving: readonly OutlineEdge[];
  readonly prefix: string;
}

function readNode({ node, fields, leaving, prefix }: Drawn): FlowNode {
  const { id, title, type, summary, path } = node;
  return {
    id: `${prefix}${id}`,
    kind: "step",
    title,
    type,
    summary,
    path,
    ...(prefix !== "" && { map: prefix.slice(0, -1) }),
    exits: listExits({ step: id, type, fields }, leaving),
    hasNext: leaving.some(({ kind }) => kind === "plain" || kind === "join"),
    isFrame: node.body !== undefined,
    isOwn: /\/steps\/[^/]+$/.test(path),
  };
}

function readEdge(edge: OutlineEdge, prefix: string, index: number): FlowEdge {
  const { from, to, kind, max, isBack = false, path } = edge;
  return {
    id: `${prefix}${from}>${to}:${index}`,
    source: `${prefix}${from}`,
    exit: nameExit(edge),
    target: `${prefix}${to}`,
    kind,
    label: max === undefined ? undefined : `${max} times at most`,
    isBack,
    path,
  };
}

function readEnds(document: unknown, { nodes, edges }: Outline): readonly FlowNode[] {
  if (nodes.length === 0 && edges.length === 0) return [];
  const fields = isJsonObject(document) ? document : {};
  const input = valueAtPointer(document, "/input/properties");
  const none = { exits: [], isFrame: false, isOwn: false } as const;
  return [
    {
      ...none,
      id: "start",
      kind: "start",
      title: "Start",
      type: "input",
      path: "/input",
      summary: listKeys(input),
      hasNext: true,
    },
    {
      ...none,
      id: "end",
      kind: "end",
      title: "End",
      type: "output",
      path: "/output",
      summary: listKeys(fields["output"]),
      hasNext: false,
    },
  ];
}

const listKeys = (value: unknown): string | undefined =>
  isJsonObject(value) ? Object.keys(value).join(", ") || undefined : undefined;

function fieldsAt(document: unknown, path: string): JsonObject {
  const value = valueAtPointer(document, path);
  return isJsonObject(value) ? value : {};
}

function positionsIn(document: unknown): ReadonlyMap<string, Point> {
  return new Map(
    Object.entries(fieldsAt(document, "/ui/positions")).flatMap(([id, value]) => {
      const point = pointIn(value);
      return point ? [[id, point] as const] : [];
    }),
  );
}
