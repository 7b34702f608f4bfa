import type { DomNode, FormatCallback, SelectorDefinition } from "html-to-text";
import { declaredCharset } from "#/lib/bytes/decode-text.ts";
import { readEncoded } from "#/lib/documents/decode.ts";
import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import { spreadCells } from "#/lib/documents/merged-cells.ts";
import { mapText, type Reading, unreadable } from "#/lib/documents/reading.ts";

const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"] as const;

const SELECTORS: SelectorDefinition[] = [
  ...HEADINGS.map((selector) => ({ selector, format: selector })),
  { selector: "a", options: { ignoreHref: true } },
  { selector: "img", format: "skip" },
  { selector: "nav", format: "skip" },
  // Not the converter's own data table: it is quadratic, and took 114 s for 130,000 rows.
  { selector: "table", format: "grid" },
  { selector: "tr", format: "row" },
  { selector: "td", format: "cell" },
  { selector: "th", format: "cell" },
  { selector: "td > p", format: "inline" },
  { selector: "th > p", format: "inline" },
];

/** The cells that stand in the rows of the tables that are being written. */
const CELLS = new WeakMap<DomNode, DomNode[]>();

const FORMATTERS: Readonly<Record<string, FormatCallback>> = {
  ...Object.fromEntries(HEADINGS.map((tag, index) => [tag, formatHeading(index + 1)])),
  grid: (element, walk, builder) => {
    for (const [row, cells] of spreadCells(element)) CELLS.set(row, cells);
    builder.openBlock({ leadingLineBreaks: 2 });
    walk(element.children, builder);
    builder.closeBlock({ trailingLineBreaks: 2 });
  },
  row: (element, walk, builder) => {
    builder.openBlock({ leadingLineBreaks: 1 });
    walk(CELLS.get(element) ?? element.children, builder);
    builder.closeBlock({ trailingLineBreaks: 1 });
  },
  cell: (element, walk, builder) => {
    walk(element.children, builder);
    builder.addInline(" | ");
  },
};

/** A heading as Markdown writes it. */
function formatHeading(level: number): FormatCallback {
  return (element, walk, builder) => {
    builder.openBlock({ leadingLineBreaks: 2 });
    builder.addInline(`${"#".repeat(level)} `);
    walk(element.children, builder);
    builder.closeBlock({ trailingLineBreaks: 2 });
  };
}

/** The text of a page, without scripts, styles, navigation and pictures. */
export const readHtml = (bytes: Uint8Array): Promise<Reading> =>
  mapText(readEncoded(bytes, declaredCharset(bytes)), readMarkup);

/** The same of a page that is text already. */
export async function readMarkup(html: string): Promise<Reading> {
  if (measureDepth(html) > DOCUMENT_LIMITS.nestedElements) return tooDeep();
  // Readers are loaded when needed: together they are several megabytes, and most documents are text.
  const { convert } = await import("html-to-text");
  try {
    return {
      ok: true,
      text: convert(html, { wordwrap: false, selectors: SELECTORS, formatters: FORMATTERS }),
    };
  } catch (error) {
    // The converter recurses; on an ordinary stack about 2,000 elements deep.
    if (error instanceof RangeError) return tooDeep();
    throw error;
  }
}

function tooDeep(): Reading {
  return unreadable("The elements of the page are nested too deeply. Save it as text and upload that.");
}

const TAG = /<(\/?)([a-z][a-z0-9-]*)/gi;
const VOID_ELEMENTS = new Set("area base br col embed hr img input link meta source track wbr".split(" "));

/** At least as deep as the tree will be: elements that end by themselves count as open. */
function measureDepth(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, end, name = ""] of html.matchAll(TAG)) {
    if (VOID_ELEMENTS.has(name.toLowerCase())) continue;
    depth = end === "/" ? Math.max(0, depth - 1) : depth + 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
