import { type Role, ROLES } from "#/lib/auth/permissions.ts";
import { sql } from "kysely";
import * as v from "valibot";
import type { Database, Tenant } from "#/db/client.ts";
import { given, isoTime, isOlder, momentKey, type Page, type PageRequest, toPage } from "#/db/page.ts";
import type { ExpiredKey, Key } from "#/lib/auth/principal.ts";

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  /** The workflows that the key is confined to; null: it is to none. */
  readonly workflows: readonly { readonly id: string; readonly name: string }[] | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

/** API keys, newest first, revoked ones included. */
export async function listApiKeys(tenant: Tenant, { limit, cursor }: PageRequest): Promise<Page<ApiKey>> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("api_keys as k")
      .select([...SHOWN, momentKey("k.created_at").as("cursorKey")])
      .where((eb) => eb.and(given(cursor, (it) => isOlder({ moment: "k.created_at", id: "k.id" }, it))))
      .orderBy("k.created_at", "desc")
      .orderBy("k.id", "desc")
      .limit(limit + 1),
  ]);
  return toPage(rows, limit, toApiKey);
}

/** Archived ones too: a key stays confined to them. */
const CONFINED_TO = sql<ApiKey["workflows"]>`(
  select jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name) order by w.name, w.id)
  from workflows w
  where w.workspace_id = k.workspace_id
    and w.id in (select substr(s, 10)::uuid from unnest(k.scopes) s where s like 'workflow:%')
)`;

const SHOWN = [
  "k.id",
  "k.name",
  "k.prefix",
  "k.scopes",
  "k.created_at",
  "k.last_used_at",
  "k.expires_at",
  "k.revoked_at",
  CONFINED_TO.as("workflows"),
] as const;

interface ShownRow extends Pick<ApiKey, "id" | "name" | "prefix" | "scopes" | "workflows"> {
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

function toApiKey({
  created_at: createdAt,
  last_used_at: usedAt,
  expires_at: expiresAt,
  revoked_at: revokedAt,
  ...row
}: ShownRow): ApiKey {
  const { id, name, prefix, scopes, workflows } = row;
  return {
    id,
    name,
    prefix,
    scopes,
    workflows,
    createdAt: isoTime(createdAt),
    lastUsedAt: isoTime(usedAt),
    expiresAt: isoTime(expiresAt),
    revokedAt: isoTime(revokedAt),
  };
}

export interface NewApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly hash: string;
  readonly scopes: readonly string[];
  /** Null: until it is revoked. */
  readonly expiresAt: Date | null;
}

/** Stores a key, or finds the one that was stored under its id. @returns it with the hash that is stored */
export async function createApiKey(
  tenant: Tenant,
  { scopes, expiresAt, ...key }: NewApiKey,
): Promise<ApiKey & { readonly hash: string }> {
  const [, rows] = await tenant.batch((query) => [
    query
      .insertInto("api_keys")
      .values({
        workspace_id: tenant.workspaceId,
        ...key,
        scopes: [...scopes],
        expires_at: expiresAt,
        created_by: tenant.userId ?? null,
      })
      .onConflict((conflict) => conflict.columns(["workspace_id", "id"]).doNothing()),
    query
      .selectFrom("api_keys as k")
      .select([...SHOWN, "k.hash"])
      .where("k.id", "=", key.id),
  ]);
  const [row] = rows;
  if (!row) throw new Error(`API key ${key.id} was not stored.`);
  return { ...toApiKey(row), hash: row.hash };
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

/** What an API key rests on. */
interface KeyStanding {
  /** In epoch milliseconds; null: until it is revoked. */
  readonly expiresAt: number | null;
  readonly makerRole: Role;
}

/** Reads what an API key rests on now; undefined when it is revoked, or its maker has left. */
export async function readKeyStanding(tenant: Tenant, id: string): Promise<KeyStanding | undefined> {
  const [[row]] = await tenant.batch((query) => [
    query
      .selectFrom("api_keys as k")
      .innerJoin("members as m", (join) =>
        join.onRef("m.workspace_id", "=", "k.workspace_id").onRef("m.user_id", "=", "k.created_by"),
      )
      .select(["k.expires_at", "m.role"])
      .where("k.id", "=", id)
      .where("k.revoked_at", "is", null),
  ]);
  return row && { expiresAt: row.expires_at?.getTime() ?? null, makerRole: row.role };
}

const Identified = v.nullable(
  v.union([
    v.object({
      keyId: v.string(),
      workspaceId: v.string(),
      scopes: v.array(v.string()),
      makerId: v.string(),
      makerRole: v.picklist(ROLES),
      expiresAt: v.nullable(v.number()),
    }),
    v.object({ expiredAt: v.number() }),
  ]),
);

/** The key with this hash, in whichever workspace; undefined when it does not exist, is revoked, or its maker has left. */
export async function findApiKey(database: Database, hash: string): Promise<Key | ExpiredKey | undefined> {
  const [row] = await database.call("select app.identify_key($1) as key", [hash]);
  const key = v.parse(Identified, row?.["key"] ?? null);
  if (key === null) return undefined;
  return "expiredAt" in key ? { kind: "expired-key", ...key } : { kind: "key", ...key };
}
