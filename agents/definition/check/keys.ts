import { pointer, type Problem } from "#/agents/definition/problem.ts";

/**
 * Lists what is not taken over as it is when a document is read: the keys `constructor`, `prototype` and `__proto__` are left out, and a list in the place of an
 * object becomes one with the keys 0, 1, 2. Neither may happen without a word.
 */
export function lostKeys(document: unknown, definition: unknown, path = ""): Problem[] {
  if (Array.isArray(document) && isKeyed(definition))
    return [{ path, message: "must be an object; this is a list." }];
  if (Array.isArray(document))
    return document.flatMap((item, index) =>
      lostKeys(item, Array.isArray(definition) ? definition[index] : undefined, `${path}${pointer(index)}`),
    );
  if (!isKeyed(document) || !isKeyed(definition)) return [];
  return Object.entries(document).flatMap(([key, value]) => {
    const place = `${path}${pointer(key)}`;
    return Object.hasOwn(definition, key)
      ? lostKeys(value, definition[key], place)
      : [{ path: place, message: `“${key}” cannot be the name of a key here. Choose another one.` }];
  });
}

type Keyed = Readonly<Record<string, unknown>>;
const isKeyed = (value: unknown): value is Keyed =>
  typeof value === "object" && value !== null && !Array.isArray(value);
