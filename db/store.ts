import { sql } from "kysely";
import type { Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";

interface StoredEntry {
  readonly key: string;
  readonly value: unknown;
  readonly revision: number;
}

const isAlive = sql<boolean>`coalesce(expires_at > clock_timestamp(), true)`;
const COLUMNS = ["key", "value", sql<number>`revision::float8`.as("revision")] as const;

/** Returns a kept value, unless its time is over. */
export async function getEntry(tenant: Tenant, namespace: string, key: string): Promise<StoredEntry | null> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("store")
      .select(COLUMNS)
      .where("namespace", "=", namespace)
      .where("key", "=", key)
      .where(isAlive),
  ]);
  return rows[0] ?? null;
}

interface NewEntry {
  readonly value: unknown;
  readonly revision?: number | undefined;
  readonly ttlSeconds?: number | undefined;
  readonly writer?: string | undefined;
}

/** Keeps a value. Where a revision is given, only in its place. What a writer has stored already is not stored again. @returns whether it was stored, and the revision that is there now */
export function putEntry(
  tenant: Tenant,
  place: { readonly namespace: string; readonly key: string },
  { value, revision, ttlSeconds, writer }: NewEntry,
): Promise<{ readonly stored: boolean; readonly revision: number }> {
  return tenant.transaction(async (trx) => {
    await trx
      .deleteFrom("store")
      .where("namespace", "=", place.namespace)
      .where(sql<boolean>`expires_at <= clock_timestamp()`)
      .execute();
    const there = await trx
      .selectFrom("store")
      .select(["revision", "writer"])
      .where("namespace", "=", place.namespace)
      .where("key", "=", place.key)
      .forUpdate()
      .executeTakeFirst();
    const before = Number(there?.revision ?? 0);
    if (isRepeated(there, writer)) return { stored: true, revision: before };
    if (revision !== undefined && revision !== before) return { stored: false, revision: before };
    const said = {
      value: json(value),
      writer: writer ?? null,
      expires_at:
        ttlSeconds === undefined ? null : sql<Date>`clock_timestamp() + ${ttlSeconds} * interval '1 second'`,
    };
    const row = await trx
      .insertInto("store")
      .values({ workspace_id: tenant.workspaceId, ...place, ...said })
      .onConflict((conflict) =>
        conflict
          .columns(["workspace_id", "namespace", "key"])
          .doUpdateSet({
            ...said,
            revision: sql`store.revision + 1`,
            updated_at: sql`clock_timestamp()`,
          })
          // Another may have made the key since it was looked for.
          .where(
            "store.revision",
            "=",
            sql<string>`${revision === undefined ? sql`store.revision` : before}`,
          ),
      )
      .returning(sql<number>`revision::float8`.as("revision"))
      .executeTakeFirst();
    return row ? { stored: true, revision: row.revision } : { stored: false, revision: 1 };
  });
}

/** Tells whether a value is what its writer has stored already. */
const isRepeated = (there: { readonly writer: string | null } | undefined, writer: string | undefined) =>
  writer !== undefined && there?.writer === writer;

/** Deletes a kept value. @returns whether there was one */
export async function deleteEntry(tenant: Tenant, namespace: string, key: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query
      .deleteFrom("store")
      .where("namespace", "=", namespace)
      .where("key", "=", key)
      .where(isAlive)
      .returning("key"),
  ]);
  return rows.length > 0;
}

/** Lists the kept values of a namespace, by key. */
export async function listEntries(
  tenant: Tenant,
  namespace: string,
  { prefix, limit }: { readonly prefix: string; readonly limit: number },
): Promise<readonly StoredEntry[]> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("store")
      .select(COLUMNS)
      .where("namespace", "=", namespace)
      .where(sql<boolean>`starts_with(key, ${prefix})`)
      .where(isAlive)
      .orderBy("key")
      .limit(limit),
  ]);
  return rows;
}
