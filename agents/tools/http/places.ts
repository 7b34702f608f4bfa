import type { RequestShape } from "#/agents/tools/http/request-shape.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

type ArgumentPlace = RequestShape["places"][string];

/** One pair of braces around a name; two are an expression. */
const PLACEHOLDER = /(?<!\{)\{([A-Za-z0-9_.-]{1,64})\}(?!\})/g;

const WITHOUT_BODY: ReadonlySet<string> = new Set(["GET", "HEAD", "DELETE"]);

/** Returns the arguments that an address names. */
export const argumentsIn = (url: string): readonly string[] =>
  [...url.matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? []);

/** Returns an address with its arguments filled in. */
export const fillIn = (url: string, valueOf: (name: string) => string): string =>
  url.replaceAll(PLACEHOLDER, (_whole, name: string) => valueOf(name));

/** Returns where each argument of a schema goes: where the request says, else into the address that names it, else where its method carries arguments. */
export function assignPlaces(
  { url, method, places }: RequestShape,
  input: JsonObject,
): ReadonlyMap<string, ArgumentPlace> {
  const inPath = new Set(argumentsIn(url));
  const elsewhere = WITHOUT_BODY.has(method) ? "query" : "body";
  const placeOf = (name: string) => places[name] ?? (inPath.has(name) ? "path" : elsewhere);
  return new Map(namesIn(input).map((name) => [name, placeOf(name)]));
}

/** Returns the names of the arguments that a schema lists. */
export const namesIn = ({ properties }: JsonObject): readonly string[] =>
  isJsonObject(properties) ? Object.keys(properties) : [];
