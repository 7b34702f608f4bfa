import { sql } from "kysely";
import type { ConnectionKind } from "#/agents/vocabulary/connection.ts";
import type { Tenant } from "#/db/client.ts";
import { isoTime } from "#/db/page.ts";
import { forgetSignIn } from "#/db/sign-ins.ts";
import { json } from "#/db/tables.ts";
import { sqlMeaning } from "#/lib/sql-state.ts";

export type ConnectionFields = Readonly<Record<string, string>>;

/** A connection without the values of its secret fields. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly kind: ConnectionKind;
  readonly settings: ConnectionFields;
  readonly secrets: readonly string[];
  readonly hosts: readonly string[];
  /** Whether somebody has signed it in in the browser; null for other ways of signing in. */
  readonly isSignedIn: boolean | null;
  readonly test: ConnectionTest | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastUsedAt: string | null;
}

export interface ConnectionTest {
  readonly ok: boolean;
  readonly message: string;
  readonly testedAt: string;
}

/** A connection with its credentials, which are still closed. */
export interface SealedConnection extends Connection {
  readonly credentialsSealed: string | null;
}

/** A connection as it is stored when it is made or changed. */
export interface StoredConnection {
  readonly id: string;
  readonly name: string;
  readonly kind: ConnectionKind;
  readonly settings: ConnectionFields;
  readonly secrets: readonly string[];
  readonly credentialsSealed: string | null;
  readonly hosts: readonly string[];
}

const HAS_TOKENS = sql<boolean>`exists (
  select from sign_ins s
  where s.workspace_id = connections.workspace_id and s.connection_id = connections.id and s.tokens_sealed is not null
)`;

const COLUMNS = [
  "id",
  "name",
  "kind",
  "settings",
  "secret_fields",
  "credentials_sealed",
  "hosts",
  "test_ok",
  "test_message",
  "tested_at",
  "created_at",
  "updated_at",
  "last_used_at",
  HAS_TOKENS.as("has_tokens"),
] as const;

/** The connections of the workspace, by name. */
export async function listConnections(tenant: Tenant): Promise<readonly Connection[]> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("connections").select(COLUMNS).orderBy("name"),
  ]);
  return rows.map(toConnection);
}

/** One connection; undefined when there is none of this id. */
export async function getConnection(tenant: Tenant, id: string): Promise<Connection | undefined> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("connections").select(COLUMNS).where("id", "=", id),
  ]);
  return rows[0] && toConnection(rows[0]);
}

/** A workflow that names a connection. */
interface Use {
  readonly id: string;
  readonly name: string;
}

const MOST_USES = 100;

/** Everything that names a connection. */
export interface ConnectionUses {
  /** The workflows whose draft or published version has the name as a text: alone, before the name of a model, or before that of a tool. */
  readonly usedBy: readonly Use[];
  /** The names of the declared tools whose requests it signs in. */
  readonly usedByTools: readonly string[];
}

/** Looks up what names a connection. */
export async function findUses(tenant: Tenant, name: string): Promise<ConnectionUses> {
  const [usedBy, tools] = await tenant.batch((query) => [
    query
      .selectFrom("workflows as w")
      .leftJoin("workflow_versions as v", (join) =>
        join.onRef("v.workflow_id", "=", "w.id").onRef("v.version", "=", "w.published_version"),
      )
      .select(["w.id", "w.name"])
      .where("w.archived_at", "is", null)
      .where((eb) => eb.or([hasName("w.draft", name), hasName("v.definition", name)]))
      .orderBy("w.name")
      .limit(MOST_USES),
    query
      .selectFrom("tools")
      .select("name")
      .where(sql<boolean>`request ->> 'connection' = ${name}`)
      .orderBy("name")
      .limit(MOST_USES),
  ]);
  return { usedBy, usedByTools: tools.map((tool) => tool.name) };
}

/** A name has nothing in it that a pattern would read otherwise. */
const hasName = (column: string, name: string) =>
  sql<boolean>`${sql.ref(column)}::text ~ ${`"${name}("|/|__)`}`;

/** One connection with its credentials, by id or by name. */
export async function readConnection(
  tenant: Tenant,
  by: { readonly id: string } | { readonly name: string },
): Promise<SealedConnection | undefined> {
  const [rows] = await tenant.batch((query) => {
    const all = query.selectFrom("connections").select(COLUMNS);
    return ["id" in by ? all.where("id", "=", by.id) : all.where("name", "=", by.name)];
  });
  return rows[0] && toSealed(rows[0]);
}

/** The connections of these names, for use. The use is noted once a minute: steps that use one at the same moment do not queue up for its row. */
export async function useConnections(
  tenant: Tenant,
  names: readonly string[],
): Promise<readonly SealedConnection[]> {
  const [, rows] = await tenant.batch((query) => [
    query
      .updateTable("connections")
      .set({ last_used_at: sql`clock_timestamp()` })
      .where("name", "in", [...names])
      .where(sql<boolean>`coalesce(last_used_at < now() - interval '1 minute', true)`),
    query
      .selectFrom("connections")
      .select(COLUMNS)
      .where("name", "in", [...names]),
  ]);
  return rows.map(toSealed);
}

/** Stores a new connection; a second call with its id changes nothing. */
export async function insertConnection(
  tenant: Tenant,
  connection: StoredConnection,
): Promise<"done" | "name-taken"> {
  const { id, kind } = connection;
  return unlessTaken(async () => {
    await tenant.batch((query) => [
      query
        .insertInto("connections")
        .values({
          workspace_id: tenant.workspaceId,
          id,
          kind,
          created_by: tenant.userId ?? null,
          ...toColumns(connection),
        })
        .onConflict((conflict) => conflict.columns(["workspace_id", "id"]).doNothing()),
    ]);
  });
}

interface ChangedConnection extends StoredConnection {
  /** True if its tokens were got for what it was. */
  readonly endsSignIn: boolean;
}

/** Stores what a connection has become. Its last test told of what it was, and is forgotten. */
export async function saveConnection(
  tenant: Tenant,
  { endsSignIn, ...connection }: ChangedConnection,
): Promise<"done" | "name-taken"> {
  return unlessTaken(async () => {
    await tenant.batch((query) => [
      query
        .updateTable("connections")
        .set({
          ...toColumns(connection),
          test_ok: null,
          test_message: null,
          tested_at: null,
          updated_at: sql`clock_timestamp()`,
        })
        .where("id", "=", connection.id),
      ...(endsSignIn ? [forgetSignIn(query, connection.id)] : []),
    ]);
  });
}

/** Stores what a test has found. @returns undefined when the connection is gone */
export async function recordConnectionTest(
  tenant: Tenant,
  id: string,
  { ok, message }: { readonly ok: boolean; readonly message: string },
): Promise<ConnectionTest | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .updateTable("connections")
      .set({ test_ok: ok, test_message: message, tested_at: sql`clock_timestamp()` })
      .where("id", "=", id)
      .returning(COLUMNS),
  ]);
  return (rows[0] && toSealed(rows[0]).test) ?? undefined;
}

/** @returns whether there was such a connection */
export async function deleteConnection(tenant: Tenant, id: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query.deleteFrom("connections").where("id", "=", id).returning("id"),
  ]);
  return rows.length > 0;
}

const toColumns = ({ name, settings, secrets, credentialsSealed, hosts }: StoredConnection) => ({
  name,
  settings: json(settings),
  secret_fields: [...secrets],
  credentials_sealed: credentialsSealed,
  hosts: [...hosts],
});

async function unlessTaken(write: () => Promise<void>): Promise<"done" | "name-taken"> {
  try {
    await write();
    return "done";
  } catch (error) {
    if (sqlMeaning(error) === "taken") return "name-taken";
    throw error;
  }
}

interface ConnectionRow {
  readonly id: string;
  readonly name: string;
  readonly kind: ConnectionKind;
  readonly settings: ConnectionFields;
  readonly secret_fields: readonly string[];
  readonly credentials_sealed: string | null;
  readonly hosts: readonly string[];
  readonly test_ok: boolean | null;
  readonly test_message: string | null;
  readonly tested_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly last_used_at: Date | null;
  readonly has_tokens: boolean;
}

function toSealed(row: ConnectionRow): SealedConnection {
  return { ...toConnection(row), credentialsSealed: row.credentials_sealed };
}

function toConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    settings: row.settings,
    secrets: row.secret_fields,
    hosts: row.hosts,
    isSignedIn: row.settings["signIn"] === "oauth2-code" ? row.has_tokens : null,
    test: toTest(row),
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    lastUsedAt: isoTime(row.last_used_at),
  };
}

function toTest({ test_ok: ok, test_message: message, tested_at: at }: ConnectionRow): ConnectionTest | null {
  return ok === null || message === null || at === null ? null : { ok, message, testedAt: isoTime(at) };
}
