import { isMap, isNode, isScalar } from "yaml";
import {
  appendLines,
  moveLines,
  removeLines,
  replaceInLine,
  type Style,
} from "#/agents/definition/edit/block.ts";
import { type Change, changeDocument, orderChanges, type Path } from "#/agents/definition/edit/change.ts";
import {
  appendBetween,
  fillEmpty,
  moveBetween,
  removeBetween,
  replaceBetween,
} from "#/agents/definition/edit/flow.ts";
import { renderKey } from "#/agents/definition/edit/render.ts";
import {
  findHolder,
  type Holder,
  isBehindAlias,
  isCollection,
  isJsonText,
  readSource,
  type Source,
  valueOfItem,
} from "#/agents/definition/edit/source.ts";
import { applySplices, type Splice } from "#/agents/definition/edit/splice.ts";
import { parseText } from "#/agents/definition/format/parse.ts";

export type ChangedText =
  | { readonly ok: true; readonly text: string; readonly document: unknown }
  | { readonly ok: false; readonly reason: string };

type Splices = readonly Splice[] | undefined;

const UNTOLD: ChangedText = {
  ok: false,
  reason:
    "The text says this in a way that cannot be changed in place (an anchor, an alias, or a comment between brackets). Change it by hand.",
};

function changeAtOnce(source: Source, changes: readonly Change[]): ChangedText {
  const wanted = JSON.stringify(changeDocument(source.document, changes));
  const inStyle = (style: Style) => {
    const splices = planSplices(source, changes, style);
    return splices ? readBack(applySplices(source.text, splices), { wanted, isJson: source.isJson }) : UNTOLD;
  };
  const asLines = inStyle("lines");
  return asLines.ok ? asLines : inStyle("oneLine");
}

interface Expected {
  readonly wanted: string;
  readonly isJson: boolean;
}

function readBack(text: string, { wanted, isJson }: Expected): ChangedText {
  const read = parseText(text);
  if (!read.ok) {
    const size = read.problems.find(({ message }) => message.startsWith("Too large"));
    return size ? { ok: false, reason: size.message } : UNTOLD;
  }
  if (JSON.stringify(read.document) !== wanted || (isJson && !isJsonText(text))) return UNTOLD;
  return { ok: true, text, document: read.document };
}

/** More than these one after another would take long: the text is read anew for each. */
const MOST_STEPS = 100;

/**
 * Makes changes in a text so that every byte they do not concern stays: all at once or, where that cannot be said in splices (neighbours between
 * brackets), one after another. The changed text is read back; where it does not say exactly what it should, nothing is changed.
 */
export function changeText(source: Source, changes: readonly Change[]): ChangedText {
  const atOnce = changeAtOnce(source, changes);
  if (atOnce.ok || changes.length < 2 || changes.length > MOST_STEPS) return atOnce;
  let now: ChangedText = { ok: true, text: source.text, document: source.document };
  for (const change of orderChanges(changes)) {
    const read = now.ok ? readSource(now.text) : undefined;
    if (!read?.ok) return atOnce;
    now = changeAtOnce(read.source, [change]);
  }
  return now.ok ? now : atOnce;
}

function planSplices(source: Source, changes: readonly Change[], style: Style): Splices {
  const splices: Splice[] = [];
  for (const change of orderChanges(withWholeRemovals(source, changes))) {
    // What is said behind an alias is said with its anchor, or not at all: reading back tells.
    const own = isBehindAlias(source, pathOf(change)) ? [] : spliceChange(source, change, style);
    if (!own) return undefined;
    splices.push(...own);
  }
  return splices;
}

function pathOf(change: Change): Path {
  if ("set" in change) return change.set;
  if ("unset" in change) return change.unset;
  if ("append" in change) return change.append;
  return "rename" in change ? change.rename : change.move;
}

/** A block cannot be empty: where everything in it goes, empty brackets stay. */
function withWholeRemovals(source: Source, changes: readonly Change[]): readonly Change[] {
  const removals = Map.groupBy(
    changes.filter((change) => "unset" in change),
    (change) => JSON.stringify(change.unset.slice(0, -1)),
  );
  const emptied = [...removals.values()].flatMap((own) => {
    const path = own[0]?.unset ?? [];
    const collection = findHolder(source, path)?.collection;
    const isEmptied = collection?.items.length === own.length && path.length > 1;
    return isEmptied ? [{ path: path.slice(0, -1), value: isMap(collection) ? {} : [], own }] : [];
  });
  const gone = new Set<Change>(emptied.flatMap(({ own }) => own));
  return [
    ...changes.filter((change) => !gone.has(change)),
    ...emptied.map(({ path, value }) => ({ set: path, value })),
  ];
}

function spliceChange(source: Source, change: Change, style: Style): Splices {
  if ("set" in change) return spliceSet(source, change.set, { value: change.value, style });
  if ("append" in change) return spliceAppend(source, change.append, { value: change.value, style });
  if ("unset" in change) return spliceUnset(source, change.unset);
  if ("rename" in change) return spliceRename(source, change.rename, change.to);
  return spliceMove(source, change.move, change.before);
}

interface NewValue {
  readonly value: unknown;
  readonly style: Style;
}

function spliceSet(source: Source, path: Path, added: NewValue): Splices {
  const holder = findHolder(source, path);
  if (!holder) return spliceDeep(source, path, added);
  if (holder.index < 0) return addItem(source, holder.collection, { key: String(path.at(-1)), ...added });
  return holder.collection.flow
    ? replaceBetween(source, holder, added.value)
    : replaceInLine(source, holder, added);
}

/** Sets a key of an object that is not there yet, by setting the object. */
function spliceDeep(source: Source, path: Path, { value, style }: NewValue): Splices {
  const key = path.at(-1);
  const above = path.slice(0, -1);
  const holder = findHolder(source, above);
  const isThere = holder && holder.index >= 0 && !isVoid(valueOfItem(holder.collection.items[holder.index]));
  if (typeof key !== "string" || above.length === 0 || isThere) return undefined;
  return spliceSet(source, above, { value: { [key]: value }, style });
}

const isVoid = (node: unknown) => node === undefined || (isScalar(node) && node.value === null);

function spliceAppend(source: Source, path: Path, added: NewValue): Splices {
  const holder = findHolder(source, path);
  const list = holder && valueOfItem(holder.collection.items[holder.index]);
  if (isCollection(list)) return addItem(source, list, { key: undefined, ...added });
  return isVoid(list) ? spliceSet(source, path, { ...added, value: [added.value] }) : undefined;
}

function addItem(
  source: Source,
  collection: Holder["collection"],
  item: NewValue & { readonly key: string | undefined },
): Splices {
  if (isMap(collection) !== (item.key !== undefined)) return undefined;
  if (collection.items.length === 0) return fillEmpty(source, collection, item);
  const last = { collection, index: collection.items.length - 1 };
  return collection.flow ? appendBetween(source, last, item) : appendLines(source, last, item);
}

function spliceUnset(source: Source, path: Path): Splices {
  const holder = findHolder(source, path);
  if (!holder || holder.index < 0) return undefined;
  return holder.collection.flow ? removeBetween(source, holder) : removeLines(source, holder);
}

function spliceRename(source: Source, path: Path, to: string): Splices {
  const holder = findHolder(source, path);
  if (!holder || !isMap(holder.collection)) return undefined;
  const key = holder.collection.items[holder.index]?.key;
  if (!isNode(key) || !key.range || !isScalar(key)) return undefined;
  const [from, end] = key.range;
  return [{ from, to: end, text: renderKey(to, key.type === "QUOTE_DOUBLE") }];
}

function spliceMove(source: Source, path: Path, before: string | undefined): Splices {
  const holder = findHolder(source, path);
  if (!holder || holder.index < 0) return undefined;
  const { collection } = holder;
  const target = before === undefined ? undefined : findHolder(source, [...path.slice(0, -1), before]);
  const place = target?.index ?? collection.items.length;
  return collection.flow ? moveBetween(source, holder, place) : moveLines(source, holder, place);
}
