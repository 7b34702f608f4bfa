import { isMap } from "yaml";
import { indentRest, renderFlow, renderKey } from "#/agents/definition/edit/render.ts";
import {
  endOfItem,
  type Holder,
  type Source,
  startOfItem,
  valueOfItem,
} from "#/agents/definition/edit/source.ts";
import type { Splice } from "#/agents/definition/edit/splice.ts";

/** The place of an item between brackets; undefined where it cannot be told. */
function findSpan(holder: Holder) {
  const from = startOfItem(holder);
  const to = endOfItem(holder);
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** Removes an item and one comma: the one behind it, or, of the last item, the one before it. */
export function removeBetween(
  { text }: Source,
  { collection, index }: Holder,
): readonly Splice[] | undefined {
  const own = findSpan({ collection, index });
  const next = findSpan({ collection, index: index + 1 });
  const previous = findSpan({ collection, index: index - 1 });
  if (!own) return undefined;
  if (next) return [{ from: own.from, to: next.from, text: "" }];
  if (!previous) return [{ ...own, text: "" }];
  const comma = text.indexOf(",", previous.to);
  const hasComment = text.slice(previous.to, own.from).includes("#");
  if (!hasComment) return [{ from: previous.to, to: own.to, text: "" }];
  return [
    { from: comma, to: comma + 1, text: "" },
    { ...own, text: "" },
  ];
}

interface NewItem {
  readonly key: string | undefined;
  readonly value: unknown;
}

/** Adds an item behind the last one, on a line of its own if that one has one. */
export function appendBetween(source: Source, last: Holder, item: NewItem): readonly Splice[] | undefined {
  const own = findSpan(last);
  if (!own) return undefined;
  const { text, eol } = source;
  const line = text.lastIndexOf("\n", own.from - 1) + 1;
  const indentation = text.slice(line, own.from);
  const hasOwnLine = indentation.trim() === "" && text.slice(line, own.from).length > 0;
  const rendered = renderBetween(source, item, hasOwnLine ? indentation.length : 0);
  const gap = hasOwnLine ? `,${eol}${indentation}` : source.isJson && text[own.to] !== " " ? "," : ", ";
  return [{ from: own.to, to: own.to, text: `${gap}${rendered}` }];
}

/** Fills brackets that hold nothing. */
export function fillEmpty(
  source: Source,
  collection: Holder["collection"],
  item: NewItem,
): readonly Splice[] | undefined {
  const [from, to] = collection.range ?? [];
  if (from === undefined || to === undefined) return undefined;
  if (source.text.slice(from + 1, to - 1).trim() !== "") return undefined;
  const space = source.isJson ? "" : " ";
  return [{ from: from + 1, to: to - 1, text: `${space}${renderBetween(source, item, 0)}${space}` }];
}

function renderBetween(source: Source, { key, value }: NewItem, column: number): string {
  const rendered = renderValue(source, value, column);
  return key === undefined ? rendered : `${renderKey(key, source.isJson)}: ${rendered}`;
}

/** JSON with lines gets lines, as deep as its own. */
function renderValue({ text, isJson, eol }: Source, value: unknown, column: number): string {
  const step = isJson ? /^\s*\{\r?\n([ \t]+)/.exec(text)?.[1] : undefined;
  if (step === undefined || column === 0) return renderFlow(value, isJson);
  return indentRest(JSON.stringify(value, null, step), column).replaceAll("\n", eol);
}

export function replaceBetween(
  source: Source,
  holder: Holder,
  value: unknown,
): readonly Splice[] | undefined {
  const node = valueOfItem(holder.collection.items[holder.index]);
  const [from, to] = node?.range ?? [];
  if (from === undefined || to === undefined) return undefined;
  // A key without a value may have no space behind its colon.
  const space = from === to && isMap(holder.collection) ? " " : "";
  return [{ from, to, text: `${space}${renderValue(source, value, findColumn(source, holder))}` }];
}

function findColumn({ text }: Source, holder: Holder): number {
  const from = startOfItem(holder) ?? 0;
  const line = text.lastIndexOf("\n", from - 1) + 1;
  return text.slice(line, from).trim() === "" ? from - line : 0;
}

/** Items change places; what stands between them stays. */
export function moveBetween(
  source: Source,
  { collection, index }: Holder,
  before: number,
): readonly Splice[] | undefined {
  const order = collection.items.map((_, place) => place).filter((place) => place !== index);
  const moved = order.toSpliced(before > index ? before - 1 : before, 0, index);
  const spans = collection.items.map((_, place) => findSpan({ collection, index: place }));
  const splices = moved.flatMap((from, to) => {
    const [place, taken] = [spans[to], spans[from]];
    return place && taken && from !== to ? [{ ...place, text: source.text.slice(taken.from, taken.to) }] : [];
  });
  return spans.includes(undefined) ? undefined : splices;
}
