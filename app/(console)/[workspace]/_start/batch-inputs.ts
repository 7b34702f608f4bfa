import { parse } from "csv-parse/browser/esm/sync";
import type { Problem } from "#/agents/definition/problem.ts";
import { pointer } from "#/agents/definition/problem.ts";
import { checkInput } from "#/agents/definition/schema/input.ts";
import { inexactMessage, inexactNumbersIn } from "#/lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { readFields, type SchemaField } from "#/app/_ui/schema-fields.ts";
import { readForm } from "#/app/_ui/schema-reader.ts";

/** One input of a batch: what is sent, and why it cannot be. */
export interface BatchRow {
  readonly input: JsonObject;
  readonly problems: readonly Problem[];
}

/** The rows of a pasted text or a file, or why it has none. */
export type BatchInputs =
  | { readonly ok: true; readonly rows: readonly BatchRow[] }
  | { readonly ok: false; readonly problem: string };

/** As many inputs as one batch may have. */
const MOST_INPUTS = 100;

/** Reads a JSON list of inputs, or CSV with a name in each column, and holds every row against the workflow's schema. */
export function readBatch(text: string, schema: JsonObject | null): BatchInputs {
  const found = text.trimStart().startsWith("[") ? readList(text) : readTable(text, readFields(schema));
  if (!found.ok) return found;
  const { rows } = found;
  if (rows.length === 0) return refused("There is no row in it.");
  if (rows.length > MOST_INPUTS)
    return refused(
      `These are ${rows.length} inputs; a batch takes up to ${MOST_INPUTS}. Start them in parts.`,
    );
  return { ok: true, rows: rows.map((row) => withMisfits(row, schema)) };
}

const refused = (problem: string): BatchInputs => ({ ok: false, problem });

/** Adds a row's misfits to the problems that the reader has found, none of them twice. */
function withMisfits(row: BatchRow, schema: JsonObject | null): BatchRow {
  const checked = checkInput(schema ?? undefined, row.input);
  if (checked.ok) return row;
  const known = new Set(row.problems.map(({ path }) => path));
  return { ...row, problems: [...row.problems, ...checked.problems.filter(({ path }) => !known.has(path))] };
}

function readList(text: string): BatchInputs {
  try {
    const [inexact] = inexactNumbersIn(text);
    if (inexact) return refused(inexactMessage(inexact.digits));
    const list: unknown = JSON.parse(text);
    return { ok: true, rows: Array.isArray(list) ? list.map(toRow) : [] };
  } catch (error) {
    return refused(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const toRow = (item: unknown): BatchRow =>
  isJsonObject(item)
    ? { input: item, problems: [] }
    : { input: {}, problems: [{ path: "", message: "An input is an object, such as {“topic”: “cairns”}." }] };

function readTable(text: string, fields: readonly SchemaField[]): BatchInputs {
  try {
    const cells: Readonly<Record<string, string>>[] = parse(text, {
      columns: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
    });
    return { ok: true, rows: cells.map((row) => readCells(row, fields)) };
  } catch (error) {
    return refused(
      `This is neither a JSON list nor CSV: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** An empty cell says nothing; a cell of a field is read as its form reads it, any other is a text. */
function readCells(cells: Readonly<Record<string, string>>, fields: readonly SchemaField[]): BatchRow {
  const filled = Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== ""));
  const named = fields.filter(({ name }) => Object.hasOwn(filled, name));
  const read = readForm(named, filled);
  if (read.ok) return { input: { ...filled, ...read.values }, problems: [] };
  const problems = Object.entries(read.errors).map(([name, message]) => ({ path: pointer(name), message }));
  return { input: filled, problems };
}
