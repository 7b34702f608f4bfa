import { isJsonObject } from "#/lib/json-object.ts";

/** Writes a value as JSON for reading, the keys of its objects by the alphabet. */
export const toSortedJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (isJsonObject(part) ? sortKeys(part) : part), 2);

const sortKeys = (object: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)));
