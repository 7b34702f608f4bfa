import { decodeText } from "#/lib/documents/decode.ts";
import { joinParts, type Reading } from "#/lib/documents/reading.ts";

const DELIMITERS = [",", ";", "\t"];
/** A column's name is repeated in every row. */
const NAME_LENGTH = 80;

/** Each row as "column: value" pairs, so that a passage says what its numbers are. */
export async function readCsv(bytes: Uint8Array): Promise<Reading> {
  const { parse } = await import("csv-parse/sync");
  const text = decodeText(bytes);
  const options = { skip_empty_lines: true, relax_column_count: true, relax_quotes: true, bom: true, trim: true, delimiter: delimiterOf(text) };
  const [names = [], ...rows] = parse(text, options);
  return joinParts(rows.length === 0 ? [names.join(", ")] : sentencesOf(names.map((name) => name.slice(0, NAME_LENGTH)), rows), "\n");
}

/** The one that the first line has most of: spreadsheets of half of Europe write semicolons. */
function delimiterOf(text: string): string {
  const [firstLine = ""] = text.split("\n", 1);
  const countOf = (delimiter: string) => firstLine.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (countOf(delimiter) > countOf(best) ? delimiter : best));
}

function* sentencesOf(names: readonly string[], rows: Iterable<readonly string[]>): Generator<string> {
  for (const row of rows) {
    const pairs = row.map((value, place) => ({ name: names[place] || `column ${place + 1}`, value })).filter(({ value }) => value !== "");
    if (pairs.length > 0) yield `${pairs.map(({ name, value }) => `${name}: ${value}`).join(", ")}.`;
  }
}
