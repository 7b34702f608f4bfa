import {
  isCollection,
  endOfItem,
  type Holder,
  type Source,
  startOfItem,
  valueOfItem,
  valueStart,
} from "#/agents/definition/edit/source.ts";
import { indentRest, renderFlow, renderItem, renderPair } from "#/agents/definition/edit/render.ts";
import type { Splice } from "#/agents/definition/edit/splice.ts";
import { isMap, isScalar } from "yaml";

/** The look of new values: as people write them, or all in one line where that cannot be said in the place. */
export type Style = "lines" | "oneLine";

/** The lines of an item in a block, with the comments right above it. */
interface Lines {
  readonly from: number;
  readonly to: number;
}

const lineStart = (text: string, at: number) => text.lastIndexOf("\n", at - 1) + 1;

/** The offset behind the line that `at` is in; behind a line's end it is there already. */
function lineEnd(text: string, at: number): number {
  if (text[at - 1] === "\n") return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** The lines of an item; undefined where it shares its first line with what is around it. */
function linesOfItem({ text }: Source, holder: Holder): Lines | undefined {
  const start = startOfItem(holder);
  const end = endOfItem(holder);
  if (start === undefined || end === undefined) return undefined;
  const first = lineStart(text, start);
  if (text.slice(first, start).trim() !== "") return undefined;
  return { from: aboveComments(text, first, start - first), to: lineEnd(text, end) };
}

/** Comments right above an item, as far in as the item, speak of it. */
function aboveComments(text: string, first: number, column: number): number {
  let from = first;
  while (from > 0) {
    const above = lineStart(text, from - 1);
    if (!new RegExp(`^ {${column}}#`).test(text.slice(above, from))) return from;
    from = above;
  }
  return from;
}

export function removeLines(source: Source, holder: Holder): readonly Splice[] | undefined {
  const lines = linesOfItem(source, holder);
  return lines ? [withoutLastEnd(source, lines)] : removeBeforeNext(source, holder);
}

/** The first key behind a dash gives its place to the next one. */
function removeBeforeNext({ text }: Source, { collection, index }: Holder): readonly Splice[] | undefined {
  const from = startOfItem({ collection, index });
  const to = startOfItem({ collection, index: index + 1 });
  if (from === undefined || to === undefined || text.slice(from, to).includes("#")) return undefined;
  return [{ from, to, text: "" }];
}

/** Keeps a text that ends without a line's end so. */
function withoutLastEnd({ text, eol }: Source, { from, to }: Lines): Splice {
  const isOpen = to === text.length && !text.endsWith("\n") && from > 0;
  return { from: isOpen ? from - eol.length : from, to, text: "" };
}

interface NewItem {
  readonly key: string | undefined;
  readonly value: unknown;
  readonly style: Style;
}

/** Adds an item behind the last one. */
export function appendLines(source: Source, last: Holder, item: NewItem): readonly Splice[] | undefined {
  const start = startOfItem(last);
  const end = endOfItem(last);
  if (start === undefined || end === undefined) return undefined;
  const column = start - lineStart(source.text, start);
  const lines = `${" ".repeat(column)}${indentRest(renderNew(item), column)}`;
  return [insertLines(source, lineEnd(source.text, end), toEol(source, lines))];
}

function renderNew({ key, value, style }: NewItem): string {
  if (style === "lines") return key === undefined ? renderItem(value) : renderPair(key, value);
  return `${key === undefined ? "-" : `${renderFlow(key, false)}:`} ${renderFlow(value, false)}`;
}

const toEol = ({ eol }: Source, text: string) => (eol === "\n" ? text : text.replaceAll("\n", eol));

/** @param lines without the last line's end */
function insertLines({ text, eol }: Source, at: number, lines: string): Splice {
  const isOpen = at === text.length && at > 0 && !text.endsWith("\n");
  return { from: at, to: at, text: isOpen ? `${eol}${lines}` : `${lines}${eol}` };
}

/** Puts a new value behind a key or a dash. A comment behind the old one stays in that line. */
export function replaceInLine(
  source: Source,
  holder: Holder,
  { value, style }: { readonly value: unknown; readonly style: Style },
): readonly Splice[] | undefined {
  const start = startOfItem(holder);
  const from = valueStart(holder);
  const end = endOfItem(holder);
  if (start === undefined || from === undefined || end === undefined) return undefined;
  const quoted = replaceQuoted(holder, value);
  if (quoted) return [quoted];
  const isPair = isMap(holder.collection);
  const node = valueOfItem(holder.collection.items[holder.index]);
  const rendered = renderNew({ key: isPair ? "k" : undefined, value, style }).slice(isPair ? 2 : 1);
  // A comment behind the last line of a block is part of what goes.
  const isBlock = isCollection(node) && !node.flow;
  const range = { from, end: isBlock ? lineEnd(source.text, end) : end };
  return [putValue(source, range, indentRest(rendered, start - lineStart(source.text, start)))];
}

function putValue(
  source: Source,
  { from, end }: { readonly from: number; readonly end: number },
  lines: string,
) {
  const { text } = source;
  const to = text.slice(0, end).replace(/\r?\n$/, "").length;
  const [first = "", ...rest] = lines.split("\n");
  if (rest.length === 0) return { from, to, text: lines };
  const comment = text.slice(to, lineEnd(text, end)).replace(/\r?\n$/, "");
  const kept = comment.trim() === "" ? "" : comment;
  return { from, to: to + comment.length, text: toEol(source, [`${first}${kept}`, ...rest].join("\n")) };
}

/** A quoted text of one line stays quoted as it was. */
function replaceQuoted(holder: Holder, value: unknown): Splice | undefined {
  const node = valueOfItem(holder.collection.items[holder.index]);
  if (typeof value !== "string" || !isScalar(node) || !node.range || /[\n\r]/.test(value)) return undefined;
  const [from, to] = node.range;
  if (node.type === "QUOTE_DOUBLE") return { from, to, text: JSON.stringify(value) };
  if (node.type === "QUOTE_SINGLE") return { from, to, text: `'${value.replaceAll("'", "''")}'` };
  return undefined;
}

/** Lines move as they are, with their comments. */
export function moveLines(source: Source, holder: Holder, before: number): readonly Splice[] | undefined {
  const { collection } = holder;
  const isLast = before >= collection.items.length;
  const own = linesOfItem(source, holder);
  const other = linesOfItem(source, { collection, index: isLast ? before - 1 : before });
  if (!own || !other) return undefined;
  const lines = source.text.slice(own.from, own.to).replace(/\r?\n$/, "");
  return [withoutLastEnd(source, own), insertLines(source, isLast ? other.to : other.from, lines)];
}
