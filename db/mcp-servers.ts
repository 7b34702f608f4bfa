import { sql } from "kysely";
import type { Dialect } from "#/agents/vocabulary/mcp.ts";
import type { UnfitTool } from "#/agents/vocabulary/mcp.ts";
import type { McpServerState } from "#/agents/vocabulary/mcp.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import type { ConnectionFields } from "#/db/connections.ts";
import { isoTime } from "#/db/page.ts";
import { json } from "#/db/tables.ts";

/** The facts of a server that may be known. */
interface McpServer {
  /** Of its connection. */
  readonly id: string;
  readonly name: string;
  readonly settings: ConnectionFields;
  readonly preset: string | null;
  readonly state: McpServerState;
  readonly problem: string | null;
  readonly dialect: Dialect | null;
  readonly serverName: string;
  readonly unfit: readonly UnfitTool[];
  readonly listedAt: string | null;
  /** True if a sign-in has left tokens. */
  readonly isSignedIn: boolean;
}

/** A server with all that reaching it takes, still closed. */
export interface SealedServer extends McpServer {
  readonly hosts: readonly string[];
  readonly credentialsSealed: string | null;
  readonly tokensSealed: string | null;
  readonly tokensRevision: number;
}

const COLUMNS = [
  "connections.id",
  "connections.name",
  "connections.settings",
  "connections.hosts",
  "connections.credentials_sealed",
  "mcp_servers.preset",
  "mcp_servers.state",
  "mcp_servers.problem",
  "mcp_servers.dialect",
  "mcp_servers.server_name",
  "mcp_servers.unfit",
  "mcp_servers.listed_at",
  "sign_ins.tokens_sealed",
  "sign_ins.tokens_revision",
] as const;

export const selectServers = (query: QueryBuilder) =>
  query
    .selectFrom("connections")
    .leftJoin("mcp_servers", "mcp_servers.connection_id", "connections.id")
    .leftJoin("sign_ins", "sign_ins.connection_id", "connections.id")
    .select(COLUMNS)
    .where("connections.kind", "=", "mcp");

/** The MCP servers of the workspace, by name. */
export async function listMcpServers(tenant: Tenant): Promise<readonly SealedServer[]> {
  const [rows] = await tenant.batch((query) => [selectServers(query).orderBy("connections.name")]);
  return rows.map(toServer);
}

/** One MCP server; undefined when the workspace has no connection of this id and kind. */
export async function readMcpServer(tenant: Tenant, id: string): Promise<SealedServer | undefined> {
  const [rows] = await tenant.batch((query) => [selectServers(query).where("connections.id", "=", id)]);
  return rows[0] && toServer(rows[0]);
}

/** Makes sure that a connection can be known more of, if it has not been deleted since; a preset is kept where one is given. */
export async function keepMcpServer(tenant: Tenant, id: string, preset?: string): Promise<void> {
  await tenant.batch((query) => [
    query
      .insertInto("mcp_servers")
      .columns(["workspace_id", "connection_id", "preset"])
      // The lock waits for whoever deletes it now.
      .expression(
        query
          .selectFrom("connections")
          .select(["workspace_id", "id", sql<string | null>`${preset ?? null}::text`.as("preset")])
          .where("id", "=", id)
          .forKeyShare(),
      )
      .onConflict((conflict) => conflict.columns(["workspace_id", "connection_id"]).doNothing()),
  ]);
}

/** Notes what is in the way of a server. Its tools stay as they were last seen. */
export async function noteProblem(
  tenant: Tenant,
  id: string,
  { state, problem }: { readonly state: "signed_out" | "failed"; readonly problem: string },
): Promise<void> {
  await tenant.batch((query) => [
    query
      .updateTable("mcp_servers")
      .set({ state, problem: problem.slice(0, 2_000), listed_at: sql`clock_timestamp()` })
      .where("connection_id", "=", id),
  ]);
}

/** Notes how a server is spoken to. */
export async function noteFacts(
  tenant: Tenant,
  id: string,
  { dialect, name }: { readonly dialect: Dialect; readonly name: string },
): Promise<void> {
  await tenant.batch((query) => [
    query
      .updateTable("mcp_servers")
      .set({ dialect: json(dialect), server_name: name })
      .where("connection_id", "=", id),
  ]);
}

interface ServerRow {
  readonly id: string;
  readonly name: string;
  readonly settings: ConnectionFields;
  readonly hosts: readonly string[];
  readonly credentials_sealed: string | null;
  readonly preset: string | null;
  readonly state: McpServerState | null;
  readonly problem: string | null;
  readonly dialect: Dialect | null;
  readonly server_name: string | null;
  readonly unfit: readonly UnfitTool[] | null;
  readonly listed_at: Date | null;
  readonly tokens_sealed: string | null;
  readonly tokens_revision: number | null;
}

/** A connection that nobody has asked yet has no row of its own. */
export const toServer = (row: ServerRow): SealedServer => ({
  id: row.id,
  name: row.name,
  settings: row.settings,
  hosts: row.hosts,
  credentialsSealed: row.credentials_sealed,
  preset: row.preset,
  state: row.state ?? "new",
  problem: row.problem,
  dialect: row.dialect,
  serverName: row.server_name ?? "",
  unfit: row.unfit ?? [],
  listedAt: isoTime(row.listed_at),
  isSignedIn: row.tokens_sealed !== null,
  tokensSealed: row.tokens_sealed,
  tokensRevision: row.tokens_revision ?? 0,
});
