import type { Change, Path } from "#/agents/definition/edit/change.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** An edge as it stands in a text, with its path. */
interface Written {
  readonly edge: JsonObject;
  readonly path: Path;
}

function writtenEdges(edges: unknown, path: Path): readonly Written[] {
  if (!Array.isArray(edges)) return [];
  return edges.flatMap((edge: unknown, index) =>
    isJsonObject(edge) ? [{ edge, path: [...path, index] }] : [],
  );
}

const branchesOf = (edge: JsonObject): readonly unknown[] =>
  Array.isArray(edge["when"]) ? edge["when"] : [];
const leadsTo = (branch: unknown, id: string) => isJsonObject(branch) && branch["to"] === id;

/** Returns every place in edges that names a step, with its new name. */
export function renameInEdges(
  edges: unknown,
  path: Path,
  { from, to }: { from: string; to: string },
): readonly Change[] {
  return writtenEdges(edges, path).flatMap(({ edge, path: at }) => {
    const sources = Array.isArray(edge["from"]) ? edge["from"] : [];
    const places: Path[] = [
      ...["from", "to", "else"].filter((key) => edge[key] === from).map((key) => [key]),
      ...sources.flatMap((source, index) => (source === from ? [["from", index]] : [])),
      ...branchesOf(edge).flatMap((branch, index) => (leadsTo(branch, from) ? [["when", index, "to"]] : [])),
    ];
    return places.map((place) => ({ set: [...at, ...place], value: to }));
  });
}

/** Takes a step out of all edges: what only it had goes, joins and choices lose it. */
export function removeFromEdges(edges: unknown, path: Path, id: string): readonly Change[] {
  return writtenEdges(edges, path).flatMap(({ edge, path: at }) => {
    if (edge["from"] === id || edge["to"] === id) return [{ unset: at }];
    return withoutSource(edge, at, id).concat(withoutBranches(edge, at, id));
  });
}

/** A join of two becomes a plain edge. */
function withoutSource(edge: JsonObject, at: Path, id: string): readonly Change[] {
  const sources: readonly unknown[] = Array.isArray(edge["from"]) ? edge["from"] : [];
  const others = sources.filter((source) => source !== id);
  if (others.length === sources.length) return [];
  if (others.length === 0) return [{ unset: at }];
  if (others.length > 1) return [{ unset: [...at, "from", sources.indexOf(id)] }];
  const change: Change = { set: [...at, "from"], value: others[0] };
  return "join" in edge ? [change, { unset: [...at, "join"] }] : [change];
}

/** A choice without branches becomes a plain edge to where it led otherwise. */
function withoutBranches(edge: JsonObject, at: Path, id: string): readonly Change[] {
  const branches = branchesOf(edge);
  const gone = branches.flatMap((branch, index) => (leadsTo(branch, id) ? [index] : []));
  const isElseGone = edge["else"] === id;
  const elseGone: readonly Change[] = isElseGone ? [{ unset: [...at, "else"] }] : [];
  if (gone.length === 0) return elseGone;
  if (gone.length < branches.length)
    return [...gone.map((index) => ({ unset: [...at, "when", index] })), ...elseGone];
  const to = isElseGone || typeof edge["else"] !== "string" ? "end" : edge["else"];
  return [{ set: at, value: { from: edge["from"], to } }];
}

interface Connection {
  readonly from: string;
  readonly to: string;
  readonly if?: string | undefined;
  readonly max?: number | undefined;
}

/** Adds a way from one step to another; with a condition, as a branch of the choice that is there already. */
export function connectSteps(edges: unknown, path: Path, connection: Connection): Change | undefined {
  const { from, to, if: condition, max } = connection;
  const written = writtenEdges(edges, path);
  if (condition === undefined) {
    const isThere = written.some(({ edge }) => edge["from"] === from && edge["to"] === to);
    return isThere ? undefined : { append: path, value: { from, to } };
  }
  const branch = { if: condition, to, ...(max !== undefined && { max }) };
  const choice = written.find(({ edge }) => edge["from"] === from && branchesOf(edge).length > 0);
  return choice
    ? { append: [...choice.path, "when"], value: branch }
    : { append: path, value: { from, when: [branch] } };
}

/** Removes every way from one step straight to another. */
export function disconnectSteps(edges: unknown, path: Path, { from, to }: Connection): readonly Change[] {
  return writtenEdges(edges, path).flatMap(({ edge, path: at }) => {
    if (edge["from"] === from && edge["to"] === to) return [{ unset: at }];
    if (edge["to"] === to) return withoutSource(edge, at, from);
    return edge["from"] === from ? withoutBranches(edge, at, to) : [];
  });
}
