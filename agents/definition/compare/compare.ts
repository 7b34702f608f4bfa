import { pointer } from "#/agents/definition/problem.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** One difference between two definitions. `path` is a JSON pointer; of an edge or a task it names the edge or task instead of its place. */
export interface Change {
  readonly kind: "added" | "removed" | "changed";
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Compares two definitions by what their parts are called and not by where they stand: steps, agents and keys of the state by their names, edges by what they
 * connect, tasks by their ids. A part that is only in one of them is one change; of a part in both, each field that differs is one.
 */
export function compareDefinitions(before: JsonObject, after: JsonObject): readonly Change[] {
  return listKeys(before, after).flatMap((key) => {
    const [old, now] = [before[key], after[key]];
    if (NAMED_PARTS.has(key)) return compareParts([key], asRecord(old), asRecord(now));
    const nameOf = LISTED_PARTS[key];
    return nameOf
      ? compareParts([key], byName(old, nameOf), byName(now, nameOf))
      : compareValue([key], old, now);
  });
}

/** Parts that stand under their names. */
const NAMED_PARTS: ReadonlySet<string> = new Set(["steps", "agents", "state"]);

/** Parts that stand in a list, and the names that they go by in it. */
const LISTED_PARTS: Readonly<Record<string, ((part: JsonObject) => string) | undefined>> = {
  edges: ({ from, to }) => `${nameOfEnd(from)} → ${to === undefined ? "…" : nameOfEnd(to)}`,
  tasks: ({ id }) => String(id),
};

const nameOfEnd = (end: unknown): string => (Array.isArray(end) ? end.join(" + ") : String(end));

function byName(list: unknown, nameOf: (part: JsonObject) => string): JsonObject {
  const parts = Array.isArray(list) ? list.filter(isJsonObject) : [];
  return Object.fromEntries(parts.map((part) => [nameOf(part), part]));
}

const asRecord = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});

function compareParts(path: readonly string[], before: JsonObject, after: JsonObject): readonly Change[] {
  return listKeys(before, after).flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    if (!isJsonObject(old) || !isJsonObject(now)) return compareValue([...path, name], old, now);
    return listKeys(old, now).flatMap((field) =>
      compareValue([...path, name, field], old[field], now[field]),
    );
  });
}

function compareValue(path: readonly string[], before: unknown, after: unknown): readonly Change[] {
  if (isSame(before, after)) return [];
  if (before === undefined) return [{ kind: "added", path: pointer(...path), after }];
  if (after === undefined) return [{ kind: "removed", path: pointer(...path), before }];
  return [{ kind: "changed", path: pointer(...path), before, after }];
}

const listKeys = (before: JsonObject, after: JsonObject): readonly string[] => [
  ...new Set([...Object.keys(before), ...Object.keys(after)]),
];

/** Tells whether two JSON values are the same, whatever the order of their keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  );
}
