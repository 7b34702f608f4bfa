import { type RawBuilder, sql, type SqlBool } from "kysely";

/** Returns whether a column has each of the words of a search, in any order and as a part of a word too, whatever their case. */
export const hasWords = (column: string, search: string): RawBuilder<SqlBool> => sql<SqlBool>`(
  select coalesce(bool_and(position(sought.word in lower(${sql.ref(column)})) > 0), true)
  from regexp_split_to_table(lower(${search}), '\\s+') as sought (word)
)`;
