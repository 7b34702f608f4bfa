import { type Expression, sql, type SqlBool } from "kysely";
import type { Tenant } from "#/db/client.ts";
import { isInTime, type RunFilter } from "#/db/run-filter.ts";

export interface SearchBounds {
  /** So many of the newest runs are looked at first, one by one. */
  readonly newest: number;
  /** Words that more runs have are not rare: their runs are not fetched all to sort them. */
  readonly found: number;
}

/** One of the newest costs about 8 µs of CPU, one that the index has found 45, with 100,000 runs. */
export const SEARCH_BOUNDS: SearchBounds = { newest: 250, found: 1_000 };

interface Search<Row> {
  readonly bounds: SearchBounds;
  /** Reads a page of the list as far as this is true of `r`, and one row more where there are more. */
  readonly read: (found: Expression<SqlBool>) => Promise<readonly Row[]>;
}

/**
 * Reads a page of the runs that have all words of a search, or words that begin so. The index knows which runs have a word, and not which of them are
 * the newest. So words that most runs have are found among the newest runs, rare ones by the index, and those in between by looking
 * through all runs, of which so many have them that the page is full soon.
 */
export async function searchRuns<Row>(
  tenant: Tenant,
  filter: RunFilter & { readonly search: string },
  { bounds, read }: Search<Row>,
): Promise<readonly Row[]> {
  const newest = await read(isOfNewest(tenant, filter, bounds.newest));
  if (newest.length > filter.limit) return newest;
  const found = await findByIndex(tenant, filter.search, bounds.found);
  if (found?.length === 0) return [];
  return read(found ? sql<SqlBool>`r.id = any (${found}::uuid[])` : hasWords(tenant, filter.search));
}

/** Undefined when more runs than `most` have the words. */
async function findByIndex(
  tenant: Tenant,
  words: string,
  most: number,
): Promise<readonly string[] | undefined> {
  const [rows] = await tenant.search(words)((query) => [
    query
      .selectFrom("run_words")
      .select("run_id")
      .limit(most + 1),
  ]);
  return rows.length > most ? undefined : rows.map((row) => row.run_id);
}

/**
 * Looks at the words of one run after the other: a subquery that the planner does not turn into a join, since it cannot know how many of a workspace's runs have
 * a word. The search itself is made once.
 */
const hasWords = ({ workspaceId }: Tenant, search: string, run: "r.id" | "n.id" = "r.id") => sql<SqlBool>`(
  select w.words @@ (select app.find_words(${workspaceId}::uuid, ${search}))
  from run_words w
  where w.workspace_id = ${workspaceId}::uuid and w.run_id = ${sql.ref(run)})`;

const isOfNewest = (
  tenant: Tenant,
  filter: RunFilter & { readonly search: string },
  newest: number,
) => sql<SqlBool>`r.id in (
  select n.id
  from (
    select r.id
    from agent_sessions r
    where ${sql.join([sql`true`, ...isInTime(filter)], sql` and `)}
    order by r.created_at desc, r.id desc
    limit ${sql.lit(newest)}
  ) n
  where ${hasWords(tenant, filter.search, "n.id")})`;
