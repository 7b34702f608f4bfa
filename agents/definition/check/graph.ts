import { isReserved, reservedName } from "#/agents/definition/check/reserved-names.ts";
import { joinProblems } from "#/agents/definition/check/joins.ts";
import { planBody, toPlan } from "#/agents/definition/plan/planner.ts";
import { placed, pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";
import type { GraphDefinition } from "#/agents/definition/format/definition.ts";
import type { Body } from "#/agents/steps/map/type.ts";
import type { Edge } from "#/agents/definition/format/edge.ts";
import { type Step, typeOf } from "#/agents/steps/table.ts";

interface Target {
  readonly path: string;
  readonly name: string;
}

const sourcesOf = (edge: Edge): readonly string[] => [edge.from].flat();

function listTargets(edge: Edge, index: number): Target[] {
  if ("to" in edge) return [{ path: pointer("edges", index, "to"), name: edge.to }];
  return [
    ...edge.when.map((branch, place) => ({
      path: pointer("edges", index, "when", place, "to"),
      name: branch.to,
    })),
    { path: pointer("edges", index, "else"), name: edge.else },
  ];
}

/** The names that there are in a graph. */
interface Names {
  readonly ids: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

const namesIn = (graph: GraphDefinition): Names => ({
  ids: new Set(Object.keys(graph.steps)),
  keys: new Set(listStateKeys(graph)),
});

/** Edges lead from and to steps that exist, every step can be reached, and every join can fire. */
export function graphProblems(graph: GraphDefinition): Problem[] {
  const names = namesIn(graph);
  return [
    ...Object.entries(graph.steps).flatMap(([id, step]) =>
      stepProblems(names, id, step).concat(ownProblems(graph, id, step)),
    ),
    ...graph.edges.flatMap((edge, index) => edgeProblems(names, edge, index)),
    ...repetitions(graph.edges),
    ...reachProblems(graph),
    ...joinProblems(toPlan(graph).edges, listDetours(graph)),
  ];
}

/** Problems that only steps of one type can have. */
function ownProblems(graph: GraphDefinition, id: string, step: Step): readonly Problem[] {
  if (step.type === "map") return bodyProblems(graph, id, step);
  return typeProblems(namesIn(graph), pointer("steps", id), step);
}

const typeProblems = ({ keys }: Names, path: string, step: Step): readonly Problem[] =>
  typeOf(step).check?.(step, { path, stateKeys: keys }) ?? [];

/** The body of a map is a graph of its own. Its steps see the state around them, so they cannot have the names of its keys. */
function bodyProblems(graph: GraphDefinition, id: string, step: Extract<Step, { type: "map" }>): Problem[] {
  const path = pointer("steps", id, "do");
  if (!("steps" in step.do)) return actionProblems(graph, id, step.do);
  const body = graphOfBody(graph, step.do);
  const taken = new Set(listStateKeys(graph));
  const clashes = listStateKeys(body).filter((key) => taken.has(key));
  return [
    ...placed(path, graphProblems(body)),
    ...clashes.map((key) => ({
      path: `${path}${pointer("steps", key)}`,
      message: `“${key}” is a key of the state outside the map already.`,
    })),
  ];
}

/** Checks the one step that a map does as a graph of that step: it can lead nowhere else, and sees its own keys. */
function actionProblems(graph: GraphDefinition, id: string, action: Body["steps"][string]): Problem[] {
  const own = pointer("steps", id);
  const body = graphOfBody(graph, planBody(id, action));
  const inside = stepProblems(namesIn(body), id, action).map((problem) =>
    Object.assign({}, problem, { path: `${own}/do${problem.path.slice(own.length)}` }),
  );
  return [...inside, ...typeProblems(namesIn(body), `${own}/do`, action)];
}

/** A body as a graph definition, for what looks at graphs. */
export function graphOfBody(graph: GraphDefinition, body: Body): GraphDefinition {
  return {
    format: graph.format,
    kind: graph.kind,
    name: graph.name,
    input: graph.input,
    state: {},
    steps: body.steps,
    edges: body.edges,
  };
}

function stepProblems({ ids }: Names, id: string, step: Step): Problem[] {
  const problems: Problem[] = isReserved(id) ? [reservedName(pointer("steps", id), id)] : [];
  if (step.save !== undefined && step.save in Object.prototype)
    problems.push(reservedName(pointer("steps", id, "save"), step.save));
  const detour = detourOf(step);
  if (detour !== undefined && detour !== "end" && !ids.has(detour)) {
    problems.push(
      unknownName({
        path: pointer("steps", id, "onError", "goto"),
        what: "step",
        name: detour,
        known: [...ids, "end"],
      }),
    );
  }
  return problems;
}

/** Lists where the error policies of steps lead, by step. */
export function listDetours({ steps }: GraphDefinition): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(steps).flatMap(([id, step]) => {
      const detour = detourOf(step);
      return detour === undefined ? [] : [[id, detour] as const];
    }),
  );
}

const detourOf = (step: Step): string | undefined =>
  typeof step.onError === "object" && "goto" in step.onError ? step.onError.goto : undefined;

/** The keys that a graph declares or that its steps save to. */
export function listStateKeys(graph: GraphDefinition): readonly string[] {
  return [
    ...new Set([
      ...Object.keys(graph.state),
      ...Object.entries(graph.steps).map(([id, step]) => step.save ?? id),
    ]),
  ];
}

function edgeProblems({ ids }: Names, edge: Edge, index: number): Problem[] {
  const isJoin = Array.isArray(edge.from);
  const isStart = (name: string) => ids.has(name) || (!isJoin && name === "start");
  const sources = sourcesOf(edge).flatMap((name, position) => {
    const path = isJoin ? pointer("edges", index, "from", position) : pointer("edges", index, "from");
    return isStart(name)
      ? []
      : [unknownName({ path, what: "step", name, known: isJoin ? ids : ["start", ...ids] })];
  });
  const targets = listTargets(edge, index).flatMap(({ path, name }) =>
    ids.has(name) || name === "end"
      ? []
      : [unknownName({ path, what: "step", name, known: [...ids, "end"] })],
  );
  const lonely =
    "join" in edge && edge.join !== undefined && !isJoin
      ? [
          {
            path: pointer("edges", index, "join"),
            message: "A join has several steps in from.",
            suggestion: `from: [${sourcesOf(edge).join(", ")}, <another step>]`,
          },
        ]
      : [];
  return [...sources, ...targets, ...lonely];
}

function repetitions(edges: readonly Edge[]): Problem[] {
  const seen = new Set<string>();
  return edges.flatMap((edge, index) => {
    const path = pointer("edges", index);
    const key = JSON.stringify(edge);
    const isRepeated = seen.has(key);
    seen.add(key);
    const sources = sourcesOf(edge);
    return [
      ...(isRepeated ? [{ path, message: "This edge is there twice." }] : []),
      ...(new Set(sources).size < sources.length
        ? [{ path: `${path}/from`, message: "A step is there twice." }]
        : []),
    ];
  });
}

function reachProblems(graph: GraphDefinition): Problem[] {
  const ids = Object.keys(graph.steps);
  if (!graph.edges.some((edge) => sourcesOf(edge).includes("start"))) {
    return [
      {
        path: "/edges",
        message: "No edge leaves “start”, so nothing would run.",
        suggestion: `{from: start, to: ${ids[0] ?? "<step>"}}`,
      },
    ];
  }
  const reached = reachable(graph);
  return ids
    .filter((id) => !reached.has(id))
    .map((id) => ({ path: pointer("steps", id), message: `No edge leads to “${id}”.` }));
}

/** The steps that can be reached by edges and by detours after an error. */
function reachable(graph: GraphDefinition): ReadonlySet<string> {
  const targets = Map.groupBy(
    graph.edges.flatMap((edge, index) =>
      sourcesOf(edge).map((from) => ({ from, to: listTargets(edge, index).map((target) => target.name) })),
    ),
    ({ from }) => from,
  );
  const reached = new Set<string>();
  const open = ["start"];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...(targets.get(name) ?? []).flatMap(({ to }) => to), ...detoursFrom(graph.steps[name]));
  }
  return reached;
}

function detoursFrom(step: Step | undefined): string[] {
  const detour = step && detourOf(step);
  return detour === undefined ? [] : [detour];
}
