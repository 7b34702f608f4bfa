import type { Operation } from "#/agents/definition/edit/operations.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { readCondition, FAILURE, OTHERWISE } from "../../../_canvas/exits.ts";
import type { FlowEdge, FlowGraph } from "../../../_canvas/flow-graph.ts";
import type { Box } from "../../../_canvas/layout.ts";
import { keysOfPointer, valueAtPointer } from "../../../_canvas/pointer.ts";

/** The actions of the canvas, as operations on the document. Each function only decides; `editDefinition` does. */

interface Place {
  readonly step: string;
  readonly map?: string;
}

/** Reads the name of a node: `map/step` is a step inside a map. */
export function parsePlace(id: string): Place {
  const [first = "", second] = id.split("/");
  return second === undefined ? { step: first } : { step: second, map: first };
}

/** A pointer as the path of a field; numbers are places in lists. */
const fieldAt = (pointer: string): readonly (string | number)[] =>
  keysOfPointer(pointer).map((key) => (/^\d+$/.test(key) ? Number(key) : key));

const set = (pointer: string, value: unknown): Operation => ({
  do: "setField",
  field: fieldAt(pointer),
  value,
});
const unset = (pointer: string): Operation => ({ do: "unsetField", field: fieldAt(pointer) });

interface NameScope {
  readonly map?: string | undefined;
  /** Names that will be taken. */
  readonly besides?: Iterable<string>;
}

/** A name that no step of the same graph has: llm, llm2, … */
export function freeName(graph: FlowGraph, wanted: string, { map, besides = [] }: NameScope = {}): string {
  const there = graph.nodes.filter((node) => node.map === map).map(({ id }) => parsePlace(id).step);
  const taken = new Set([...there, ...besides]);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}${number}`;
    if (!taken.has(name)) return name;
  }
}

interface NewStep {
  readonly name: string;
  readonly fields: JsonObject;
  /** The node after which it stands; undefined for the end of what there is. */
  readonly after: string | undefined;
  /** The way that it stands on; without it, the one that leads on from there. */
  readonly on?: FlowEdge;
}

/** Puts a step behind another, on the way that leads on from there. */
export function insertStep(graph: FlowGraph, { name, fields, after, on }: NewStep): readonly Operation[] {
  const source = after === undefined || after === "end" ? findLast(graph) : after;
  const { step: from, map } = parsePlace(source);
  const within = map === undefined ? {} : { map };
  const add: Operation = { do: "addStep", step: name, fields, ...within };
  const ways = leaving(graph, source);
  const way =
    on ?? ways.find(({ exit }) => exit === undefined) ?? ways.find(({ exit }) => exit === OTHERWISE);
  if (!way || way.kind === "join")
    return [
      add,
      { do: "connect", from, to: name, ...within },
      ...(way ? [] : [{ do: "connect", from: name, to: "end", ...within } as const]),
    ];
  const { step: to } = parsePlace(way.target);
  return [add, retarget(way, name), { do: "connect", from: name, to, ...within }];
}

const leaving = (graph: FlowGraph, source: string): readonly FlowEdge[] =>
  graph.edges.filter((edge) => edge.source === source);

/** The step from which a run ends, or its start. */
function findLast({ nodes, edges }: FlowGraph): string {
  const steps = nodes.filter(({ kind, map }) => kind === "step" && map === undefined).map(({ id }) => id);
  const ending = new Set(edges.filter(({ target }) => target === "end").map(({ source }) => source));
  return steps.findLast((id) => ending.has(id)) ?? steps.at(-1) ?? "start";
}

/** Lets a way lead to another step. */
function retarget({ path, exit }: FlowEdge, to: string): Operation {
  if (exit === OTHERWISE || exit === FAILURE) return set(path, to);
  return set(`${path}/to`, to);
}

interface Connection {
  readonly source: string;
  readonly exit: string | undefined;
  readonly target: string;
}

/** Lets a row, or the way that is always taken, lead to a step. */
export function connectNodes(
  graph: FlowGraph,
  document: unknown,
  { source, exit, target }: Connection,
): readonly Operation[] {
  const { step: from, map } = parsePlace(source);
  const { step: to } = parsePlace(target);
  const within = map === undefined ? {} : { map };
  const taken = leaving(graph, source).find((edge) => edge.exit === exit);
  if (exit === FAILURE)
    return [{ do: "setField", step: from, field: ["onError"], value: { goto: to }, ...within }];
  if (exit !== undefined && taken) return [retarget(taken, to)];
  const condition = exit === undefined ? undefined : readCondition(exit);
  if (condition === undefined) return [{ do: "connect", from, to, ...within }];
  const plain = leaving(graph, source).find((edge) => edge.exit === undefined && edge.kind === "plain");
  const hasChoice = leaving(graph, source).some((edge) => edge.exit === OTHERWISE);
  if (hasChoice || !plain || !isAlone(document, plain))
    return [{ do: "connect", from, to, if: condition, ...within }];
  // The way that was always taken becomes the one that is taken otherwise.
  const otherwise = parsePlace(plain.target).step;
  return [set(plain.path, { from, when: [{ if: condition, to }], else: otherwise })];
}

/** The edge in the document has one source, and is no part of a join. */
function isAlone(document: unknown, { path }: FlowEdge): boolean {
  const edge = valueAtPointer(document, path);
  return isJsonObject(edge) && typeof edge["from"] === "string";
}

/** Takes a way out of the document. */
export function removeWay(document: unknown, { path, exit, source, target }: FlowEdge): readonly Operation[] {
  const { step: from, map } = parsePlace(source);
  const within = map === undefined ? {} : { map };
  if (exit === FAILURE) return [{ do: "unsetField", step: from, field: ["onError"], ...within }];
  if (exit === OTHERWISE) return [unset(path)];
  if (exit === undefined) return [{ do: "disconnect", from, to: parsePlace(target).step, ...within }];
  const whole = path.replace(/\/when\/\d+$/, "");
  const edge = valueAtPointer(document, whole);
  const branches = isJsonObject(edge) && Array.isArray(edge["when"]) ? edge["when"] : [];
  if (branches.length > 1 || !isJsonObject(edge)) return [unset(path)];
  return [set(whole, { from, to: edge["else"] ?? "end" })];
}

/** Removes steps. Where one had a single way on, what led to it leads there. */
export function removeSteps(graph: FlowGraph, ids: readonly string[]): readonly Operation[] {
  const gone = new Set(ids.filter((id) => !ids.includes(parsePlace(id).map ?? "")));
  return [...gone].flatMap((id) =>
    bridgeOver(graph, id, gone).concat({ do: "removeStep", ...parsePlace(id) }),
  );
}

/** Lets what leads to a step lead to what comes after it, where that is one step. */
function bridgeOver(graph: FlowGraph, id: string, gone: ReadonlySet<string>): Operation[] {
  const [way, ...others] = leaving(graph, id);
  if (!way || others.length > 0 || way.kind !== "plain" || gone.has(way.target)) return [];
  const arriving = graph.edges.filter(({ target, source }) => target === id && !gone.has(source));
  if (arriving.some(({ source, kind }) => source === way.target || kind === "join")) return [];
  return arriving.map((edge) => retarget(edge, parsePlace(way.target).step));
}

/** The way from one step down to the next. */
const STRIDE = 104;

/** Among steps that people have placed, a new one stands below the one before it, and what lies below makes room. */
export function makeRoom(graph: FlowGraph, name: string, above: Box | undefined): readonly Operation[] {
  if (graph.positions.size === 0 || !above) return [];
  const y = above.y + above.height + STRIDE / 2 - 8;
  const moved = [...graph.positions].map(([id, at]) => {
    const isBelow = !id.includes("/") && at.y >= y - STRIDE / 4 && at.y > above.y;
    return [id, { x: at.x, y: isBelow ? at.y + STRIDE : at.y }] as const;
  });
  const positions = Object.fromEntries([...moved, [name, { x: above.x, y }]]);
  return [{ do: "setField", field: ["ui", "positions"], value: positions }];
}

/** Forgets where people have put steps, so that they are arranged. */
export function arrangeSteps(document: unknown): readonly Operation[] {
  const ui = valueAtPointer(document, "/ui");
  if (!isJsonObject(ui) || !("positions" in ui)) return [];
  return [unset(Object.keys(ui).length === 1 ? "/ui" : "/ui/positions")];
}
