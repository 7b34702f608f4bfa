import { ROLES } from "#/lib/auth/permissions.ts";
import { sql } from "kysely";
import * as v from "valibot";
import type { Database, Tenant } from "#/db/client.ts";
import { given, isoTime, isOlder, momentKey, type Page, type PageRequest, toPage } from "#/db/page.ts";
import type { Key } from "#/lib/auth/principal.ts";

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

/** API keys, newest first, revoked ones included. */
export async function listApiKeys(tenant: Tenant, { limit, cursor }: PageRequest): Promise<Page<ApiKey>> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("api_keys as k")
      .select([
        "k.id",
        "k.name",
        "k.prefix",
        "k.scopes",
        "k.created_at",
        "k.last_used_at",
        "k.revoked_at",
        momentKey("k.created_at").as("cursorKey"),
      ])
      .where((eb) => eb.and(given(cursor, (it) => isOlder({ moment: "k.created_at", id: "k.id" }, it))))
      .orderBy("k.created_at", "desc")
      .orderBy("k.id", "desc")
      .limit(limit + 1),
  ]);
  return toPage(rows, limit, (row) => ({
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    createdAt: isoTime(row.created_at),
    lastUsedAt: isoTime(row.last_used_at),
    revokedAt: isoTime(row.revoked_at),
  }));
}

export interface NewApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly hash: string;
  readonly scopes: readonly string[];
}

export async function createApiKey(tenant: Tenant, { scopes, ...key }: NewApiKey): Promise<ApiKey> {
  const [rows] = await tenant.batch((query) => [
    query
      .insertInto("api_keys")
      .values({
        workspace_id: tenant.workspaceId,
        ...key,
        scopes: [...scopes],
        created_by: tenant.userId ?? null,
      })
      .returning("created_at"),
  ]);
  const [row] = rows;
  if (!row) throw new Error(`API key ${key.id} was not stored.`);
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes,
    createdAt: isoTime(row.created_at),
    lastUsedAt: null,
    revokedAt: null,
  };
}

/** @returns whether there was such a key; revoking twice keeps the first time */
export async function revokeApiKey(tenant: Tenant, id: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query
      .updateTable("api_keys")
      .set({ revoked_at: sql`coalesce(revoked_at, clock_timestamp())` })
      .where("id", "=", id)
      .returning("id"),
  ]);
  return rows.length > 0;
}

export async function apiKeyName(tenant: Tenant, id: string): Promise<string | undefined> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("api_keys").select("name").where("id", "=", id),
  ]);
  return rows[0]?.name;
}

const Identified = v.nullable(
  v.object({
    keyId: v.string(),
    workspaceId: v.string(),
    scopes: v.array(v.string()),
    makerId: v.string(),
    makerRole: v.picklist(ROLES),
  }),
);

/** The key with this hash, in whichever workspace; undefined when it does not exist, is revoked, or its maker has left. */
export async function findApiKey(database: Database, hash: string): Promise<Key | undefined> {
  const [row] = await database.call("select app.identify_key($1) as key", [hash]);
  const key = v.parse(Identified, row?.["key"] ?? null);
  return key ? { kind: "key", ...key } : undefined;
}
