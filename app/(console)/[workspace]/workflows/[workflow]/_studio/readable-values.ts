import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import type { FlowGraph, FlowNode } from "../../../_canvas/flow-graph.ts";
import { valueAtPointer } from "../../../_canvas/pointer.ts";

/** A value that an expression can read at a step. */
export interface ReadableValue {
  /** As it is written: `state.draft.title`. */
  readonly path: string;
  readonly type: string;
  /** The step, or the field of the input, that it comes from. */
  readonly source: string;
  /** What it was in a real run; undefined where there was none. */
  readonly last?: unknown;
}

/** The values of a run that was really made. */
export interface LastValues {
  readonly input: JsonObject;
  readonly state: JsonObject;
}

interface Definition {
  readonly document: unknown;
  readonly graph: FlowGraph;
}

/** The step whose expressions read. */
interface Reader {
  /** Without it, an expression anywhere. Steps inside maps are seen only by those beside them. */
  readonly node?: string | undefined;
  /** True for the conditions on the ways that leave the step: they read what it has given as well. */
  readonly isBehind?: boolean;
}

/**
 * Lists the values that there are at a step: the input, what the steps that lead to it have given, what is declared, and inside a map its item.
 */
export function listReadable(
  { document, graph }: Definition,
  { node, isBehind = false }: Reader,
  last: LastValues | undefined,
): readonly ReadableValue[] {
  const before = node === undefined ? undefined : findBefore(graph, node);
  const isSeen = ({ id, map, kind }: FlowNode) =>
    kind === "step" && (id === node ? isBehind : (before?.has(id) ?? map === undefined));
  const steps = graph.nodes.filter(isSeen);
  const around = graph.nodes.find(({ id }) => id === node)?.map;
  return [
    ...listInput(document),
    ...steps.flatMap((step) => listResult(document, step)),
    ...listDeclared(
      document,
      steps.map((step) => nameResult(document, step)),
    ),
    ...(around === undefined ? [] : ITEM),
    ...OF_RUN,
  ].flatMap((value) => withLast(value, last));
}

const ITEM: readonly ReadableValue[] = [
  { path: "item", type: "any", source: "The map's item" },
  { path: "index", type: "integer", source: "Its place in the list" },
];
/** What the condition of a repetition reads. */
export const OF_FAILURE: readonly ReadableValue[] = [
  { path: "error.code", type: "string", source: "The failure" },
  { path: "error.message", type: "string", source: "The failure" },
  { path: "error.retryable", type: "boolean", source: "The failure" },
  { path: "attempt", type: "integer", source: "Tries so far" },
];
const OF_RUN: readonly ReadableValue[] = [
  { path: "run.id", type: "string", source: "This run" },
  { path: "trigger.kind", type: "string", source: "What started it" },
];

/** Finds the steps that lead to one; of one inside a map those that lead to the map as well. */
function findBefore(graph: FlowGraph, node: string): ReadonlySet<string> {
  const sources = Map.groupBy(graph.edges, ({ target }) => target);
  const before = new Set<string>();
  const map = graph.nodes.find(({ id }) => id === node)?.map;
  const open = map === undefined ? [node] : [node, map];
  for (const id of open)
    for (const { source } of sources.get(id) ?? []) {
      if (before.has(source)) continue;
      before.add(source);
      open.push(source);
    }
  return before;
}

function listInput(document: unknown): readonly ReadableValue[] {
  const properties = valueAtPointer(document, "/input/properties");
  return Object.entries(isJsonObject(properties) ? properties : {}).map(([name, schema]) => ({
    path: `input.${name}`,
    type: nameType(schema),
    source: (isJsonObject(schema) && typeof schema["title"] === "string" && schema["title"]) || "Input",
  }));
}

function nameType(schema: unknown): string {
  const type = isJsonObject(schema) ? schema["type"] : undefined;
  return typeof type === "string" ? type : "any";
}

/** The parts of what a type of step gives, with their types; the first is the whole. */
const RESULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  llm: { "": "string" },
  agent: { "": "string" },
  search: { "": "array" },
  map: { "": "array" },
  approval: { "": "object", action: "string", values: "object", comment: "string" },
  route: { "": "object", route: "string", reason: "string" },
  http: { "": "object", status: "integer", headers: "object", body: "any" },
  set: { "": "object" },
  crew: { "": "object" },
};

const nameResult = (document: unknown, { id, path, map }: FlowNode): string => {
  const save = valueAtPointer(document, `${path}/save`);
  const own = map === undefined ? id : id.slice(map.length + 1);
  return typeof save === "string" ? save : own;
};

function listResult(document: unknown, step: FlowNode): readonly ReadableValue[] {
  const path = `state.${nameResult(document, step)}`;
  const schema = valueAtPointer(document, `${step.path}/outputSchema`);
  const given = isJsonObject(schema) ? describeParts(schema) : partsSet(document, step);
  return Object.entries({ ...(RESULTS[step.type] ?? { "": "any" }), ...given }).map(([part, type]) => ({
    path: part === "" ? path : `${path}.${part}`,
    type,
    source: step.title,
  }));
}

function describeParts(schema: JsonObject): Readonly<Record<string, string>> {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const parts = Object.entries(properties).map(([name, part]) => [name, nameType(part)] as const);
  return { "": nameType(schema), ...Object.fromEntries(parts) };
}

/** A step that sets values gives them under their names. */
function partsSet(document: unknown, { type, path }: FlowNode): Readonly<Record<string, string>> {
  const values = type === "set" ? valueAtPointer(document, `${path}/values`) : undefined;
  return Object.fromEntries(Object.keys(isJsonObject(values) ? values : {}).map((name) => [name, "any"]));
}

function listDeclared(document: unknown, known: readonly string[]): readonly ReadableValue[] {
  const state = valueAtPointer(document, "/state");
  return Object.keys(isJsonObject(state) ? state : {})
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: `state.${key}`, type: "any", source: "State" }));
}

const MOST_PARTS = 20;

/** Adds what a value was in a real run, and the parts of it that nothing else tells of. */
function withLast(value: ReadableValue, last: LastValues | undefined): readonly ReadableValue[] {
  const found = last && valueAtPointer(last, `/${value.path.replaceAll(".", "/")}`);
  if (found === undefined) return [value];
  const type = value.type === "any" ? typeOfValue(found) : value.type;
  const parts = value.type === "any" && isJsonObject(found) ? Object.entries(found).slice(0, MOST_PARTS) : [];
  return [
    { ...value, type, last: found },
    ...parts
      .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
      .map(([name, part]) => ({
        path: `${value.path}.${name}`,
        type: typeOfValue(part),
        source: value.source,
        last: part,
      })),
  ];
}

function typeOfValue(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const LONGEST = 60;

/** Tells a value in one short line. */
export function tellValue(value: unknown): string {
  const text = (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).replaceAll(/\s+/g, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** The stretch of a text before the cursor that may become a value's path. */
export interface OpenWord {
  readonly from: number;
  readonly word: string;
}

/** Finds the word at the cursor, inside `{{ }}` or, where the whole text is an expression, anywhere but in quotes. */
export function findOpenWord(before: string, isExpression: boolean): OpenWord | undefined {
  const found = isExpression
    ? /^(?:[^'"]|'[^']*'|"[^"]*")*?([\w.]*)$/.exec(before)
    : /\{\{(?:(?!\}\}).)*?([\w.]*)$/s.exec(before);
  const word = found?.[1];
  return word === undefined ? undefined : { from: before.length - word.length, word };
}

const MOST_OFFERED = 8;

/** Picks the values that a word may become: first those that begin so, then those that have it somewhere. */
export function pickValues(values: readonly ReadableValue[], word: string): readonly ReadableValue[] {
  const sought = word.toLowerCase();
  const fitting = values.filter(({ path }) => path.toLowerCase().includes(sought) && path !== word);
  const begins = ({ path }: ReadableValue) => path.toLowerCase().startsWith(sought);
  return [...fitting.filter(begins), ...fitting.filter((value) => !begins(value))].slice(0, MOST_OFFERED);
}
