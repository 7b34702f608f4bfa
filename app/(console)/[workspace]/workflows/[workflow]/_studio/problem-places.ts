import type { FlowGraph } from "../../../_canvas/flow-graph.ts";

interface Problem {
  readonly path: string;
  readonly message: string;
}

const isWithin = (path: string, outer: string) => path === outer || path.startsWith(`${outer}/`);

/** Names the node that a problem is shown at: the step that it lies in, or the step that the way leaves. */
export function nodeOfProblem({ nodes, edges }: FlowGraph, path: string): string | undefined {
  const around = nodes
    .filter((node) => isWithin(path, node.path))
    .toSorted((one, other) => other.path.length - one.path.length);
  if (around[0]) return around[0].id;
  const way = edges.find(
    (edge) => edge.path !== "" && (isWithin(path, edge.path) || isWithin(edge.path, path)),
  );
  return way?.source;
}

/** The first problem of each node. */
export function problemsByNode(graph: FlowGraph, problems: readonly Problem[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, message } of problems) {
    const node = nodeOfProblem(graph, path);
    if (node !== undefined && !found.has(node)) found.set(node, message);
  }
  return found;
}
