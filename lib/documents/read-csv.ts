import { readEncoded } from "#/lib/documents/decode.ts";
import { joinParts, mapText, type Reading } from "#/lib/documents/reading.ts";

const DELIMITERS = [",", ";", "\t", "|"];
/** A column's name is repeated in every row. */
const NAME_LENGTH = 80;

/** Each row as "column: value" pairs, so that a passage says what its numbers are. */
export const readCsv = (bytes: Uint8Array): Promise<Reading> => mapText(readEncoded(bytes), readRows);

/** The line that Excel writes before the first row to say what is between its values. */
const SEPARATOR_LINE = /^"?sep=([^\r\n])"?(?:\r\n?|\n|$)/i;

async function readRows(text: string): Promise<Reading> {
  const { parse } = await import("csv-parse/sync");
  const [line = "", separator] = SEPARATOR_LINE.exec(text) ?? [];
  const table = text.slice(line.length);
  const options = {
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    bom: true,
    trim: true,
    delimiter: separator ?? chooseDelimiter(table),
  };
  const [names = [], ...rows] = parse(table, options);
  return joinParts(
    rows.length === 0
      ? [names.join(", ")]
      : splitSentences(
          names.map((name) => name.slice(0, NAME_LENGTH)),
          rows,
        ),
    "\n",
  );
}

/** A row of names is not longer. */
const FIRST_ROW_LENGTH = 65_536;
const QUOTED = /"[^"]*"/g;

/** The one that the first row has most of outside its quotes: spreadsheets of half of Europe write semicolons. */
function chooseDelimiter(text: string): string {
  const [firstRow = ""] = text
    .slice(0, FIRST_ROW_LENGTH)
    .replaceAll(QUOTED, "")
    .trimStart()
    .split(/[\r\n]/, 1);
  const countFields = (delimiter: string) => firstRow.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) =>
    countFields(delimiter) > countFields(best) ? delimiter : best,
  );
}

function* splitSentences(names: readonly string[], rows: Iterable<readonly string[]>): Generator<string> {
  for (const row of rows) {
    const pairs = row
      .map((value, place) => ({ name: names[place] || `column ${place + 1}`, value }))
      .filter(({ value }) => value !== "");
    if (pairs.length > 0) yield `${pairs.map(({ name, value }) => `${name}: ${value}`).join(", ")}.`;
  }
}
