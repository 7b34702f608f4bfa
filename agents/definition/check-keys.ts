import { pointer, type Problem } from "#/agents/definition/problem.ts";

/** Keys that are not taken over when a document is read (`constructor`, `prototype`, `__proto__`): what stands under them would be lost without a word. */
export function lostKeys(document: unknown, definition: unknown, path = ""): Problem[] {
  if (Array.isArray(document)) return document.flatMap((item, index) => lostKeys(item, Array.isArray(definition) ? definition[index] : undefined, `${path}${pointer(index)}`));
  if (!isKeyed(document) || !isKeyed(definition)) return [];
  return Object.entries(document).flatMap(([key, value]) => {
    const place = `${path}${pointer(key)}`;
    return Object.hasOwn(definition, key) ? lostKeys(value, definition[key], place) : [{ path: place, message: `“${key}” cannot be the name of a key here. Choose another one.` }];
  });
}

type Keyed = Readonly<Record<string, unknown>>;
const isKeyed = (value: unknown): value is Keyed => typeof value === "object" && value !== null && !Array.isArray(value);
