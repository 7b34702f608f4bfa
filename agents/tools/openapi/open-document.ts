import { parse } from "yaml";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const LONGEST_DOCUMENT = 5_000_000;
const LONGEST_REASON = 300;
const DEEPEST = 100;
const TOO_DEEP = `is nested more than ${DEEPEST} levels deep`;
const MOST_VALUES = 500_000;

export type OpenedDocument = { readonly document: JsonObject } | { readonly problem: string };

/** Reads the text of an OpenAPI document, JSON or YAML, within bounds that are looked at before anything walks through it. */
export function openDocument(text: string): OpenedDocument {
  if (text.length > LONGEST_DOCUMENT)
    return { problem: `has more than ${LONGEST_DOCUMENT / 1_000_000} million characters` };
  const read = readText(text);
  if ("problem" in read) return read;
  const document = read.value;
  if (!isJsonObject(document)) return { problem: "is neither JSON nor YAML with an object in it" };
  const excess = findExcess(document);
  if (excess !== undefined) return { problem: excess };
  if (document["swagger"] !== undefined)
    return { problem: "is of Swagger 2.0; convert it to OpenAPI 3, for example at converter.swagger.io" };
  return /^3\.[01]/.test(String(document["openapi"])) && isJsonObject(document["paths"])
    ? { document }
    : { problem: "is no document of OpenAPI 3.0 or 3.1 with paths" };
}

type Read = { readonly value: unknown } | { readonly problem: string };

function readText(text: string): Read {
  try {
    const isJson = text.trimStart().startsWith("{");
    // Keys are not compared with each other: that takes the square of their number.
    const value: unknown = isJson ? JSON.parse(text) : parse(text, { maxAliasCount: 50, uniqueKeys: false });
    return { value };
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    // YAML is read by recursion.
    if (reason.includes("call stack")) return { problem: TOO_DEEP };
    return { problem: `cannot be read: ${reason.replace(/[.:]$/, "").slice(0, LONGEST_REASON)}` };
  }
}

/** Walks without recursion: what is too deep for it is too deep for everything. */
function findExcess(document: JsonObject): string | undefined {
  const places: { readonly value: unknown; readonly depth: number }[] = [{ value: document, depth: 1 }];
  let values = 0;
  for (let place = places.pop(); place; place = places.pop()) {
    const { value, depth } = place;
    values += 1;
    if (values > MOST_VALUES) return `has more than ${MOST_VALUES} values`;
    if (typeof value !== "object" || value === null) continue;
    if (depth > DEEPEST) return TOO_DEEP;
    for (const item of Object.values(value)) places.push({ value: item, depth: depth + 1 });
  }
  return undefined;
}
