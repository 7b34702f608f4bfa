import { pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";
import type { Edge, GraphDefinition } from "#/agents/definition/schema.ts";

const RESERVED = ["start", "end"];

interface Target {
  readonly path: string;
  readonly name: string;
  readonly conditional: boolean;
}

const sourcesOf = (edge: Edge): readonly string[] => [edge.from].flat();

function targetsOf(edge: Edge, index: number): Target[] {
  if ("to" in edge) return [{ path: pointer("edges", index, "to"), name: edge.to, conditional: false }];
  return [
    ...edge.when.map((branch, place) => ({ path: pointer("edges", index, "when", place, "to"), name: branch.to, conditional: true })),
    { path: pointer("edges", index, "else"), name: edge.else, conditional: true },
  ];
}

/** Edges lead from and to steps that exist, every step can be reached, and every join can fire. */
export function graphProblems(graph: GraphDefinition): Problem[] {
  const ids = Object.keys(graph.steps);
  return [...nameProblems(graph, ids), ...edgeProblems(graph, ids), ...reachProblems(graph, ids), ...joinProblems(graph)];
}

function nameProblems(graph: GraphDefinition, ids: readonly string[]): Problem[] {
  const reserved = ids.filter((id) => RESERVED.includes(id)).map((id) => ({ path: pointer("steps", id), message: `“${id}” is a reserved name.` }));
  const detours = Object.entries(graph.steps).flatMap(([id, step]) => {
    const to = typeof step.onError === "object" && "goto" in step.onError ? step.onError.goto : undefined;
    return to === undefined || ids.includes(to) || to === "end" ? [] : [unknownName(pointer("steps", id, "onError", "goto"), "step", to, [...ids, "end"])];
  });
  const actions = Object.entries(graph.steps).flatMap(([id, step]) =>
    step.type === "approval" && step.timeout && !step.actions.includes(step.timeout.then)
      ? [unknownName(pointer("steps", id, "timeout", "then"), "action", step.timeout.then, step.actions)]
      : [],
  );
  return [...reserved, ...detours, ...actions];
}

function edgeProblems(graph: GraphDefinition, ids: readonly string[]): Problem[] {
  const seen = new Set<string>();
  return graph.edges.flatMap((edge, index) => {
    const sources = sourcesOf(edge);
    const place = (position: number) => (Array.isArray(edge.from) ? pointer("edges", index, "from", position) : pointer("edges", index, "from"));
    const unknownSources = sources.flatMap((name, position) =>
      ids.includes(name) || (name === "start" && sources.length === 1) ? [] : [unknownName(place(position), "step", name, ["start", ...ids])],
    );
    const unknownTargets = targetsOf(edge, index).flatMap(({ path, name }) =>
      ids.includes(name) || name === "end" ? [] : [unknownName(path, "step", name, [...ids, "end"])],
    );
    const key = JSON.stringify(edge);
    const repeated = seen.has(key) ? [{ path: pointer("edges", index), message: "This edge is there twice." }] : [];
    seen.add(key);
    return [...unknownSources, ...unknownTargets, ...repeated];
  });
}

function reachProblems(graph: GraphDefinition, ids: readonly string[]): Problem[] {
  if (!graph.edges.some((edge) => sourcesOf(edge).includes("start"))) {
    return [{ path: "/edges", message: "No edge leaves “start”, so nothing would run.", suggestion: `{from: start, to: ${ids[0] ?? "<step>"}}` }];
  }
  const reached = reachable(graph);
  return ids.filter((id) => !reached.has(id)).map((id) => ({ path: pointer("steps", id), message: `No edge leads to “${id}”.` }));
}

function reachable(graph: GraphDefinition): ReadonlySet<string> {
  const reached = new Set(["start"]);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const [index, edge] of graph.edges.entries()) {
      if (sourcesOf(edge).some((from) => reached.has(from))) for (const target of targetsOf(edge, index)) reached.add(target.name);
    }
    for (const [id, step] of Object.entries(graph.steps)) {
      if (reached.has(id) && typeof step.onError === "object" && "goto" in step.onError) reached.add(step.onError.goto);
    }
  }
  return reached;
}

/** A join waits for all of its steps. One that a condition can pass by never finishes, and the run would end without the join. */
function joinProblems(graph: GraphDefinition): Problem[] {
  const optional = new Set(graph.edges.flatMap((edge, index) => targetsOf(edge, index).flatMap((target) => (target.conditional ? [target.name] : []))));
  return graph.edges.flatMap((edge, index) =>
    sourcesOf(edge).length < 2
      ? []
      : sourcesOf(edge).flatMap((name, position) =>
          optional.has(name)
            ? [{ path: pointer("edges", index, "from", position), message: `“${name}” may be skipped by a condition, so this join might never happen. Give it an edge of its own instead.` }]
            : [],
        ),
  );
}
