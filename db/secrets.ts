import { sql } from "kysely";
import type { Tenant } from "#/db/client.ts";
import { isoTime } from "#/db/page.ts";

/** A secret without its value. */
export interface SecretInfo {
  readonly name: string;
  /** The hosts it may be sent to; null while nobody has said, and then it is sent nowhere. */
  readonly hosts: readonly string[] | null;
  readonly createdAt: string;
  /** The moment at which its value was set. */
  readonly updatedAt: string;
  readonly lastUsedAt: string | null;
}

export interface SealedSecret {
  readonly name: string;
  readonly sealed: string;
  readonly hosts: readonly string[] | null;
}

const SHOWN = ["name", "hosts", "created_at", "updated_at", "last_used_at"] as const;

/** The secrets of the workspace, by name. */
export async function listSecrets(tenant: Tenant): Promise<readonly SecretInfo[]> {
  const [rows] = await tenant.batch((query) => [query.selectFrom("secrets").select(SHOWN).orderBy("name")]);
  return rows.map(toSecret);
}

/** Sets a secret, whether or not there is one of that name. Without hosts it keeps those it has. */
export async function putSecret(tenant: Tenant, { name, sealed, hosts }: SealedSecret): Promise<SecretInfo> {
  const [rows] = await tenant.batch((query) => [
    query
      .insertInto("secrets")
      .values({
        workspace_id: tenant.workspaceId,
        name,
        value_sealed: sealed,
        hosts: hosts && [...hosts],
        created_by: tenant.userId ?? null,
      })
      .onConflict((conflict) =>
        conflict.columns(["workspace_id", "name"]).doUpdateSet({
          value_sealed: sealed,
          updated_at: sql`clock_timestamp()`,
          ...(hosts && { hosts: [...hosts] }),
        }),
      )
      .returning(SHOWN),
  ]);
  const [row] = rows;
  if (!row) throw new Error(`Secret ${name} was not stored.`);
  return toSecret(row);
}

/** Says where a secret may be sent. @returns undefined when there is no such secret */
export async function bindSecret(
  tenant: Tenant,
  name: string,
  hosts: readonly string[],
): Promise<SecretInfo | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .updateTable("secrets")
      .set({ hosts: [...hosts] })
      .where("name", "=", name)
      .returning(SHOWN),
  ]);
  return rows[0] && toSecret(rows[0]);
}

/** Reads the hosts that a secret may be sent to; undefined when there is no such secret. */
export async function hostsOfSecret(
  tenant: Tenant,
  name: string,
): Promise<readonly string[] | null | undefined> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("secrets").select("hosts").where("name", "=", name),
  ]);
  return rows[0]?.hosts;
}

interface SecretRow {
  readonly name: string;
  readonly hosts: string[] | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly last_used_at: Date | null;
}

function toSecret(row: SecretRow): SecretInfo {
  return {
    name: row.name,
    hosts: row.hosts,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    lastUsedAt: isoTime(row.last_used_at),
  };
}

/** @returns whether there was such a secret */
export async function deleteSecret(tenant: Tenant, name: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query.deleteFrom("secrets").where("name", "=", name).returning("name"),
  ]);
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
    query
      .selectFrom("secrets")
      .select(["name", "value_sealed as sealed", "hosts"])
      .where("name", "in", [...names]),
  ]);
  return rows;
}
