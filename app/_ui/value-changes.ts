import { canonicalJson } from "#/lib/canonical-json.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/** A place in a value that is not what it was. Undefined: it is not there. */
export interface ValueChange {
  /** Names from the outside in. */
  readonly path: readonly string[];
  readonly before: unknown;
  readonly now: unknown;
}

/** Lists the innermost places in which two values differ: of objects their keys, of lists of texts what went and what came, of everything else the whole. */
export function listValueChanges(
  before: unknown,
  now: unknown,
  path: readonly string[] = [],
): readonly ValueChange[] {
  if (isEqual(before, now)) return [];
  if (isTexts(before) && isTexts(now)) return [{ path, ...listMoved(before, now) }];
  if (!isJsonObject(before) || !isJsonObject(now)) return [{ path, before, now }];
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].flatMap((key) => listValueChanges(before[key], now[key], [...path, key]));
}

const isEqual = (one: unknown, other: unknown): boolean =>
  one === other || (one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other));

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

/** Where the same texts stand in another order, both are told whole. */
function listMoved(before: readonly string[], now: readonly string[]): Pick<ValueChange, "before" | "now"> {
  const [gone, come] = [
    before.filter((one) => !now.includes(one)),
    now.filter((one) => !before.includes(one)),
  ];
  if (gone.length + come.length === 0) return { before, now };
  return { before: gone.length > 0 ? gone : undefined, now: come.length > 0 ? come : undefined };
}

/** JSON up to this length is one line. */
const LINE = 80;

/** Says a value in a line or a few: a text as it is, a list of names with commas, nothing as nothing, everything else as JSON. */
export function sayValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (isTexts(value)) return value.join(", ");
  const line = JSON.stringify(value) ?? "";
  return line.length > LINE ? JSON.stringify(value, null, 2) : line;
}

/** Names where a value of a JSON Schema is: `properties` says nothing to people, what stands in it does. */
export function nameSchemaPath(path: readonly string[]): readonly string[] {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  if (first !== "properties" || rest.length === 0) return [first, ...nameSchemaPath(rest)];
  const [field = "", ...inside] = rest;
  return [field, ...nameSchemaPath(inside)];
}
