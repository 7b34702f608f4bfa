import * as v from "valibot";
import { evaluate } from "#/agents/definition/expression/expression.ts";
import { WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";

const LONGEST_CSV = 2_000_000;
const MOST_ROWS = 1000;

/** Finds rows of a table. */
export const csvQuery = defineTool({
  name: "csv_query",
  description:
    'Find rows in CSV text. The first line names the columns. Each row is known as row, its values as texts: double(row.price) > 5.0 && row.country == "DE".',
  input: v.object({
    csv: v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_CSV), v.description("The table")),
    where: v.optional(
      v.pipe(v.string(), v.maxLength(2000), v.description("A CEL condition on row; without it, every row")),
    ),
    columns: v.optional(
      v.pipe(
        v.array(v.pipe(v.string(), v.maxLength(200))),
        v.maxLength(100),
        v.description("The columns to give; without it, all"),
      ),
    ),
    limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_ROWS)), 100),
  }),
  effect: "read",
  capabilities: [],
  run: async ({ csv, where, columns, limit }) => {
    const { parse } = await import("csv-parse/sync");
    const options = {
      columns: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    } as const;
    const rows = parse<Readonly<Record<string, string>>>(csv, options);
    const fitting =
      where === undefined
        ? rows
        : withinWork(WORK_AT_ONCE, () => rows.filter((row) => evaluate(where, { row }) === true));
    return { total: fitting.length, rows: fitting.slice(0, limit).map((row) => pick(row, columns)) };
  },
});

const pick = (row: Readonly<Record<string, string>>, columns: readonly string[] | undefined) =>
  columns ? Object.fromEntries(columns.map((name) => [name, row[name] ?? null])) : row;
