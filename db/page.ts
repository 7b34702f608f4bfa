import { type Expression, type RawBuilder, sql, type SqlBool } from "kysely";
import { type Cursor, encodeCursor } from "#/lib/cursor.ts";

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

interface Positioned {
  readonly id: string;
  /** The key that the list is sorted by, as a whole number. */
  readonly cursorKey: string;
}

/** Moments as epoch microseconds: milliseconds, all that a JavaScript date has, would skip rows of the same instant. */
export const momentKey = (column: string): RawBuilder<string> =>
  sql<string>`(extract(epoch from ${sql.ref(column)}) * 1000000)::bigint::text`;

/** Returns whether a row comes after the cursor in a list that is sorted by a moment and then by id, both descending. */
export function isOlder(
  columns: { readonly moment: string; readonly id: string },
  cursor: Cursor,
): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(columns.moment)}, ${sql.ref(columns.id)})
    < (timestamptz 'epoch' + ${cursor.key}::bigint * interval '1 microsecond', ${cursor.id}::uuid)`;
}

/** The largest integer of PostgreSQL: beyond every version and superstep. */
const LARGEST_INTEGER = 2_147_483_647;

/** Returns the count before which a list continues that is sorted by a counted column, descending. */
export function countBefore(cursor: Cursor | undefined): number {
  return cursor === undefined ? LARGEST_INTEGER : Math.min(Number(cursor.key), LARGEST_INTEGER);
}

/** Returns the count after which a list continues that is sorted by a counted column. */
export const countAfter = (cursor: Cursor | undefined): number =>
  Math.min(Number(cursor?.key ?? 0), LARGEST_INTEGER);

/** A condition for a filter that may be left out. */
export function given<T>(
  value: T | undefined,
  condition: (value: T) => Expression<SqlBool>,
): Expression<SqlBool>[] {
  return value === undefined ? [] : [condition(value)];
}

/** @param rows one more than the limit where there is a next page */
export function toPage<Row extends Positioned, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: last && rows.length > limit ? encodeCursor({ key: last.cursorKey, id: last.id }) : null,
  };
}

export function isoTime(date: Date): string;
export function isoTime(date: Date | null): string | null;
/** Writes a moment as it leaves the database. */
export function isoTime(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
