import { sql } from "kysely";
import type { Tenant } from "#/db/client.ts";
import { isoTime } from "#/db/page.ts";

/** What may be known of a secret: everything but its value. */
export interface SecretInfo {
  readonly name: string;
  readonly createdAt: string;
  /** When its value was set. */
  readonly updatedAt: string;
  readonly lastUsedAt: string | null;
}

export interface SealedSecret {
  readonly name: string;
  readonly sealed: string;
}

/** The secrets of the workspace, by name. */
export async function listSecrets(tenant: Tenant): Promise<readonly SecretInfo[]> {
  const [rows] = await tenant.batch((query) => [query.selectFrom("secrets").select(["name", "created_at", "updated_at", "last_used_at"]).orderBy("name")]);
  return rows.map((row) => ({ name: row.name, createdAt: isoTime(row.created_at), updatedAt: isoTime(row.updated_at), lastUsedAt: isoTime(row.last_used_at) }));
}

/** Sets a secret, whether or not there is one of that name. */
export async function putSecret(tenant: Tenant, { name, sealed }: SealedSecret): Promise<SecretInfo> {
  const [rows] = await tenant.batch((query) => [
    query
      .insertInto("secrets")
      .values({ workspace_id: tenant.workspaceId, name, value_sealed: sealed, created_by: tenant.userId ?? null })
      .onConflict((conflict) => conflict.columns(["workspace_id", "name"]).doUpdateSet({ value_sealed: sealed, updated_at: sql`clock_timestamp()` }))
      .returning(["created_at", "updated_at", "last_used_at"]),
  ]);
  const [row] = rows;
  if (!row) throw new Error(`Secret ${name} was not stored.`);
  return { name, createdAt: isoTime(row.created_at), updatedAt: isoTime(row.updated_at), lastUsedAt: isoTime(row.last_used_at) };
}

/** @returns whether there was such a secret */
export async function deleteSecret(tenant: Tenant, name: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [query.deleteFrom("secrets").where("name", "=", name).returning("name")]);
  return rows.length > 0;
}

/**
 * The secrets of these names that there are, for use. The use is noted once a minute: steps that use one at the same moment do not queue up
 * for its row.
 */
export async function useSecrets(tenant: Tenant, names: readonly string[]): Promise<readonly SealedSecret[]> {
  const [, rows] = await tenant.batch((query) => [
    query
      .updateTable("secrets")
      .set({ last_used_at: sql`clock_timestamp()` })
      .where("name", "in", [...names])
      .where(sql<boolean>`coalesce(last_used_at < now() - interval '1 minute', true)`),
    query.selectFrom("secrets").select(["name", "value_sealed as sealed"]).where("name", "in", [...names]),
  ]);
  return rows;
}
