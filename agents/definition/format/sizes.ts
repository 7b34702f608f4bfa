import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

interface Size {
  readonly most: number;
  /** The plural of what is counted. */
  readonly what: string;
}

/** The largest definition. docs/definitions.md shows this table; sizes are looked at before anything else is done with a definition, those of expressions when they are read. */
export const SIZES = {
  bytes: { most: 256 * 1024, what: "bytes of text" },
  marks: { most: 30_000, what: "YAML marks and words (JSON has no such limit)" },
  values: { most: 20_000, what: "values in all, with those that aliases repeat" },
  characters: {
    most: 512 * 1024,
    what: "characters of texts and keys in all, with those that aliases repeat",
  },
  keys: { most: 2000, what: "keys in one object" },
  key: { most: 1000, what: "characters in a key" },
  nesting: { most: 64, what: "levels of nesting" },
  aliases: { most: 50, what: "YAML anchors and aliases" },
  steps: { most: 500, what: "steps, agents or tasks" },
  edges: { most: 2000, what: "edges" },
  branches: { most: 100, what: "conditions of one edge, or steps that one join waits for" },
  notes: { most: 200, what: "notes on the canvas" },
  note: { most: 4000, what: "characters in a note" },
  name: { most: 120, what: "characters in a name" },
  expression: { most: 5000, what: "parts of an expression" },
  levels: {
    most: 100,
    what: "levels of an expression: brackets, members as in a.b, choices as in a ? b : c",
  },
  operators: { most: 500, what: "operators of an expression in one another, as in a + b + c" },
  written: { most: 1000, what: "items of a list or map that an expression writes out" },
  arguments: { most: 32, what: "arguments of a function in an expression" },
  problems: { most: 100, what: "problems that are told" },
} as const satisfies Readonly<Record<string, Size>>;

export type SizeName = keyof typeof SIZES;

const inWords = (number: number) => number.toLocaleString("en-US");

/** The message for a size that is not kept. */
export function tooLarge(name: SizeName, found?: number): string {
  const { most, what } = SIZES[name];
  return `Too large: at most ${inWords(most)} ${what}${found === undefined ? "" : `; here are ${inWords(found)}`}.`;
}

interface Visit {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

type Excess = { readonly path: string; readonly name: SizeName; readonly found?: number };

/** A document is no larger than a definition may be, in any direction. Stops at the first excess, whatever the document is. */
export function sizeProblems(document: unknown): Problem[] {
  const excess = excessIn(document) ?? excessOfParts(document);
  return excess ? [{ path: excess.path, message: tooLarge(excess.name, excess.found) }] : [];
}

function excessIn(document: unknown): Excess | undefined {
  const open: Visit[] = [{ value: document, path: "", depth: 0 }];
  let values = 0;
  let characters = 0;
  for (let visit = open.pop(); visit; visit = open.pop()) {
    values += 1;
    characters += measureLength(visit.value);
    if (values + open.length > SIZES.values.most) return { path: "", name: "values" };
    if (characters > SIZES.characters.most) return { path: "", name: "characters" };
    const excess = ownExcess(visit);
    if (excess) return excess;
    open.push(...listInside(visit));
  }
  return undefined;
}

function measureLength(value: unknown): number {
  if (typeof value === "string") return value.length;
  return isJsonObject(value) ? Object.keys(value).reduce((sum, key) => sum + key.length, 0) : 0;
}

function ownExcess({ value, path, depth }: Visit): Excess | undefined {
  if (depth > SIZES.nesting.most) return { path, name: "nesting" };
  if (Array.isArray(value))
    return value.length > SIZES.values.most ? { path, name: "values", found: value.length } : undefined;
  if (!isJsonObject(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.length > SIZES.keys.most) return { path, name: "keys", found: keys.length };
  const long = keys.find((key) => key.length > SIZES.key.most);
  return long === undefined ? undefined : { path, name: "key", found: long.length };
}

function listInside({ value, path, depth }: Visit): Visit[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, inner]: [string, unknown]) => ({
    value: inner,
    path: `${path}${pointer(key)}`,
    depth: depth + 1,
  }));
}

/** Parts of a definition that are counted by themselves, by their keys at its top and in the body of a map. */
const PARTS: Readonly<Record<string, SizeName>> = {
  steps: "steps",
  agents: "steps",
  tasks: "steps",
  edges: "edges",
};

function excessOfParts(document: unknown): Excess | undefined {
  if (!isJsonObject(document)) return undefined;
  let steps = 0;
  for (const { path, graph } of graphsIn(document)) {
    for (const [key, name] of Object.entries(PARTS)) {
      const found = countEntries(graph[key]);
      if (name === "steps") steps += found;
      if (found > SIZES[name].most) return { path: `${path}/${key}`, name, found };
    }
    const wide = wideEdge(graph["edges"], path);
    if (wide) return wide;
  }
  return steps > SIZES.steps.most ? { path: "/steps", name: "steps", found: steps } : undefined;
}

interface PlacedGraph {
  readonly path: string;
  readonly graph: JsonObject;
}

/** The definition itself and the bodies of its maps. */
function graphsIn(definition: JsonObject): PlacedGraph[] {
  const steps = isJsonObject(definition["steps"]) ? Object.entries(definition["steps"]) : [];
  const bodies = steps.flatMap(([id, step]) =>
    isJsonObject(step) && isJsonObject(step["do"])
      ? [{ path: pointer("steps", id, "do"), graph: step["do"] }]
      : [],
  );
  return [{ path: "", graph: definition }, ...bodies];
}

function wideEdge(edges: unknown, path: string): Excess | undefined {
  if (!Array.isArray(edges)) return undefined;
  for (const [index, edge] of edges.entries()) {
    const wide = isJsonObject(edge)
      ? ["from", "when"].find((key) => Array.isArray(edge[key]) && edge[key].length > SIZES.branches.most)
      : undefined;
    if (wide !== undefined) return { path: `${path}${pointer("edges", index, wide)}`, name: "branches" };
  }
  return undefined;
}

const countEntries = (part: unknown): number =>
  typeof part === "object" && part !== null ? Object.keys(part).length : 0;
