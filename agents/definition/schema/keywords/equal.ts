import { isObject } from "#/agents/definition/schema/keywords/asked.ts";
import { spendWork } from "#/agents/definition/work.ts";

/** Returns whether two values of JSON are the same, in whatever order their keys are. @throws TooMuchWork */
export function isEqual(a: unknown, b: unknown): boolean {
  spendWork(1);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]))
  );
}

const LETTERS_PER_UNIT = 32;

/** The indexes of the first two items of a list that are the same. @throws TooMuchWork */
export function repeatedItems(list: readonly unknown[]): readonly [number, number] | undefined {
  const places = Map.groupBy(list.keys(), (index) => writeCanonical(list[index]));
  const [first, second] = [...places.values()].find((found) => found.length > 1) ?? [];
  return first === undefined || second === undefined ? undefined : [first, second];
}

/** Equal values have equal texts. Comparing every item with every other one would take the square of their number. */
function writeCanonical(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
  spendWork(1 + text.length / LETTERS_PER_UNIT);
  return text;
}
