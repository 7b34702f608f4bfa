import { canonicalJson } from "#/lib/canonical-json.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import { type FlowEdge, type FlowGraph, type FlowNode, readFlow } from "./flow-graph.ts";
import { valueAtPointer } from "./pointer.ts";

/** The fate of a part of a definition between two forms of it. */
export type Fate = "added" | "changed" | "removed";

/** Two forms of a definition as one graph. */
export interface ComparedFlows {
  readonly graph: FlowGraph;
  /** By the ids of nodes. */
  readonly nodes: ReadonlyMap<string, Fate>;
  /** By the ids of edges. */
  readonly edges: ReadonlyMap<string, Fate>;
}

/** Draws the later form of a definition with what it has lost still in it. */
export function compareFlows(before: unknown, after: unknown): ComparedFlows {
  const [old, now] = [readFlow(before), readFlow(after)];
  const nodes = new Map(compareNodes({ document: before, graph: old }, { document: after, graph: now }));
  const ways = compareEdges(old.edges, now.edges);
  const all = [
    ...now.nodes.map((node) => withExits(node, old.nodes, ways.lost)),
    ...listLost(old.nodes, now.nodes),
  ];
  return {
    graph: {
      ...now,
      nodes: all,
      edges: [...now.edges, ...ways.lost],
      positions: new Map([...old.positions, ...now.positions]),
    },
    nodes,
    edges: ways.fates,
  };
}

interface Form {
  readonly document: unknown;
  readonly graph: FlowGraph;
}

function compareNodes(old: Form, now: Form): readonly (readonly [string, Fate])[] {
  const known = new Map(old.graph.nodes.map((node) => [node.id, node]));
  const kept = now.graph.nodes.flatMap((node): readonly (readonly [string, Fate])[] => {
    const before = known.get(node.id);
    if (!before) return [[node.id, "added"]];
    return tellFields(old.document, before) === tellFields(now.document, node) ? [] : [[node.id, "changed"]];
  });
  return [...kept, ...listLost(old.graph.nodes, now.graph.nodes).map(({ id }) => [id, "removed"] as const)];
}

/** The text of a node's own fields: of a map not what it does, which has nodes of its own. */
function tellFields(document: unknown, { path, isFrame }: FlowNode): string {
  const fields = valueAtPointer(document, path);
  if (!isFrame || !isJsonObject(fields)) return canonicalJson(fields ?? null);
  const { do: action, tasks, ...own } = fields;
  return canonicalJson({
    ...own,
    ...(isJsonObject(action) && { output: action["output"] ?? null }),
    hasTasks: tasks !== undefined,
  });
}

function listLost(old: readonly FlowNode[], now: readonly FlowNode[]): readonly FlowNode[] {
  const ids = new Set(now.map(({ id }) => id));
  return old.filter(({ id }) => !ids.has(id));
}

interface ComparedWays {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly lost: readonly FlowEdge[];
}

/** Ways are the same where they lead from the same row of a step to the same step. */
function compareEdges(old: readonly FlowEdge[], now: readonly FlowEdge[]): ComparedWays {
  const [before, after] = [new Set(old.map(nameWay)), new Set(now.map(nameWay))];
  const lost = old
    .filter((edge) => !after.has(nameWay(edge)))
    .map((edge) => Object.assign({}, edge, { id: `lost ${edge.id}` }));
  const added = now.filter((edge) => !before.has(nameWay(edge)));
  return {
    lost,
    fates: new Map([
      ...added.map(({ id }) => [id, "added"] as const),
      ...lost.map(({ id }) => [id, "removed"] as const),
    ]),
  };
}

const nameWay = ({ source, exit = "", target, kind }: FlowEdge) =>
  JSON.stringify([source, exit, target, kind]);

/** A node keeps the rows that lost ways have left from. */
function withExits(node: FlowNode, old: readonly FlowNode[], lost: readonly FlowEdge[]): FlowNode {
  const leaving = lost.filter(({ source }) => source === node.id);
  if (leaving.length === 0) return node;
  const wanted = new Set(leaving.map(({ exit }) => exit));
  const own = new Set(node.exits.map(({ id }) => id));
  const before = old.find(({ id }) => id === node.id)?.exits ?? [];
  return {
    ...node,
    exits: [...node.exits, ...before.filter(({ id }) => wanted.has(id) && !own.has(id))],
    hasNext: node.hasNext || wanted.has(undefined),
  };
}
