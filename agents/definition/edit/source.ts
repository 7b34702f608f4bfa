import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Path } from "#/agents/definition/edit/change.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import { sizeProblems } from "#/agents/definition/format/sizes.ts";

/** A text with what it says and where. */
export interface Source {
  readonly text: string;
  readonly document: unknown;
  readonly root: unknown;
  /** JSON takes quoted keys and commas only. */
  readonly isJson: boolean;
  readonly eol: "\n" | "\r\n";
}

export type ReadSource =
  | { readonly ok: true; readonly source: Source }
  | { readonly ok: false; readonly reason: string };

/** Reads a text for changing it. */
export function readSource(text: string): ReadSource {
  const parsed = parseText(text);
  if (!parsed.ok) {
    const [{ message, line } = { message: "", line: 1 }] = parsed.problems;
    return { ok: false, reason: `Line ${line} cannot be read: ${message}` };
  }
  const [excess] = sizeProblems(parsed.document);
  if (excess) return { ok: false, reason: excess.message };
  // Keys that are there twice were refused above; to look for them again, every key would be compared with every other.
  const { contents } = parseDocument(text, {
    keepSourceTokens: true,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const isJson = text.trimStart().startsWith("{") && isJsonText(text);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return { ok: true, source: { text, document: parsed.document, root: contents, isJson, eol } };
}

export function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export type Collection = YAMLMap | YAMLSeq;

export const isCollection = (node: unknown): node is Collection => isMap(node) || isSeq(node);

/** The place of a path's last key: the collection that holds it, and its index there. */
export interface Holder {
  readonly collection: Collection;
  /** -1 for a key that is not there. */
  readonly index: number;
}

/** Finds what holds a path's last key; undefined where the way there is not written out, as behind an alias. */
export function findHolder({ root }: Source, path: Path): Holder | undefined {
  let node: unknown = root;
  for (const key of path.slice(0, -1)) {
    if (!isCollection(node)) return undefined;
    node = valueOfItem(node.items[indexOf(node, key)]);
  }
  const last = path.at(-1);
  return isCollection(node) && last !== undefined
    ? { collection: node, index: indexOf(node, last) }
    : undefined;
}

/** Returns whether an alias stands on the way to a path: what is behind it stands where its anchor is. */
export function isBehindAlias({ root }: Source, path: Path): boolean {
  let node: unknown = root;
  for (const key of path.slice(0, -1)) {
    if (!isCollection(node)) break;
    node = valueOfItem(node.items[indexOf(node, key)]);
  }
  return isAlias(node);
}

function indexOf(collection: Collection, key: string | number): number {
  if (isSeq(collection)) return typeof key === "number" && key < collection.items.length ? key : -1;
  return collection.items.findIndex((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

export function valueOfItem(item: unknown): Node | undefined {
  const value = isPair(item) ? item.value : item;
  return isNode(value) ? value : undefined;
}

/** The offset of the first character of an item: its key, or its dash. */
export function startOfItem({ collection, index }: Holder): number | undefined {
  const item: unknown = collection.items[index];
  if (isPair(item)) return startOfNode(item.key);
  return collection.flow ? startOfNode(item) : findDash(collection, index);
}

const startOfNode = (node: unknown) => (isNode(node) ? node.range?.[0] : undefined);

function findDash(collection: Collection, index: number): number | undefined {
  const token = collection.srcToken;
  if (token?.type !== "block-seq") return undefined;
  return token.items[index]?.start.find(({ type }) => type === "seq-item-ind")?.offset;
}

/** The offset behind the colon or the dash, where an item's value begins. */
export function valueStart(holder: Holder): number | undefined {
  const item: unknown = holder.collection.items[holder.index];
  if (!isPair(item)) {
    const dash = holder.collection.flow ? undefined : findDash(holder.collection, holder.index);
    return dash === undefined ? startOfNode(item) : dash + 1;
  }
  const colon = findColon(item);
  return colon === undefined ? undefined : colon + 1;
}

const findColon = ({ srcToken }: Pair) => srcToken?.sep?.find(({ type }) => type === "map-value-ind")?.offset;

/** The offset behind what an item says; comments behind it are not part of that. */
export function endOfItem({ collection, index }: Holder): number | undefined {
  const item: unknown = collection.items[index];
  const value = valueOfItem(item);
  if (value) return endOfNode(value);
  return isPair(item) && isNode(item.key) ? item.key.range?.[1] : undefined;
}

function endOfNode(node: Node): number | undefined {
  if (!isCollection(node) || node.flow || node.items.length === 0) return node.range?.[1];
  return endOfItem({ collection: node, index: node.items.length - 1 });
}
