import { selectServers, type SealedServer, toServer } from "#/db/mcp-servers.ts";
import { sql } from "kysely";
import type { ListedTool, ToolList } from "#/agents/vocabulary/mcp.ts";
import type { ToolEffect } from "#/agents/vocabulary/tool.ts";
import type { Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";
import { sqlMeaning } from "#/lib/sql-state.ts";

/** A tool of a server, as it was last listed and as an admin has taken it in. */
export interface McpTool {
  readonly name: string;
  /** The name by which models call the tool, behind the name of the connection. */
  readonly alias: string;
  readonly listed: ListedTool | null;
  readonly trusted: ListedTool | null;
  readonly effect: ToolEffect;
  readonly isChosen: boolean;
  readonly acceptedPins: readonly string[];
}

const COLUMNS = ["name", "alias", "listed", "trusted", "effect", "is_chosen", "accepted_pins"] as const;

/** The tools of a server, by name. */
export async function listMcpTools(tenant: Tenant, serverId: string): Promise<readonly McpTool[]> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("mcp_tools").select(COLUMNS).where("connection_id", "=", serverId).orderBy("name"),
  ]);
  return rows.map(toTool);
}

/** The numbers of a server's tools: listed, chosen, and changed since they were chosen. */
export interface ToolCounts {
  readonly serverId: string;
  readonly listed: number;
  readonly chosen: number;
  readonly changed: number;
}

/** Counts the tools of each server. */
export async function countMcpTools(tenant: Tenant): Promise<readonly ToolCounts[]> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("mcp_tools")
      .select([
        "connection_id as serverId",
        sql<number>`count(listed)::int`.as("listed"),
        sql<number>`count(*) filter (where is_chosen)::int`.as("chosen"),
        sql<number>`count(*) filter (where is_chosen and listed->>'digest' is distinct from trusted->>'digest')::int`.as(
          "changed",
        ),
      ])
      .groupBy("connection_id"),
  ]);
  return rows;
}

/** A tool by what models call it, and the server it is of. */
export interface NamedTool extends McpTool {
  readonly serverId: string;
  readonly connection: string;
}

/** A tool's name in its parts. */
export interface ToolNameParts {
  readonly connection: string;
  readonly alias: string;
}

/** Chosen tools, and the servers that have them. */
interface ChosenTools {
  readonly tools: readonly NamedTool[];
  readonly servers: readonly SealedServer[];
}

/** Finds the chosen tools among some names. */
export async function findChosenTools(tenant: Tenant, names: readonly ToolNameParts[]): Promise<ChosenTools> {
  const connections = names.map(({ connection }) => connection);
  const [rows, servers] = await tenant.batch((query) => [
    query
      .selectFrom("mcp_tools")
      .innerJoin("connections", "connections.id", "mcp_tools.connection_id")
      .select(COLUMNS.map((column) => `mcp_tools.${column}` as const))
      .select(["connections.id as serverId", "connections.name as connection"])
      .where("is_chosen", "=", true)
      .where(
        sql<boolean>`(connections.name, alias) in (select * from unnest(${connections}::text[], ${names.map(({ alias }) => alias)}::text[]))`,
      ),
    selectServers(query).where("connections.name", "in", [...new Set(connections)]),
  ]);
  const tools = rows.map(({ serverId, connection, ...row }) =>
    Object.assign(toTool(row), { serverId, connection }),
  );
  return { tools, servers: servers.map(toServer) };
}

/** The names of all chosen tools, in their parts. */
export async function listChosenNames(tenant: Tenant): Promise<readonly ToolNameParts[]> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("mcp_tools")
      .innerJoin("connections", "connections.id", "mcp_tools.connection_id")
      .select(["connections.name as connection", "alias"])
      .where("is_chosen", "=", true)
      .orderBy("connection")
      .orderBy("alias"),
  ]);
  return rows;
}

interface Listing extends ToolList {
  readonly toAlias: (name: string) => string;
}

/** Stores what a server lists, if it has not been removed since. What is chosen of it stays as it was taken in; what it lists no more is forgotten unless it was taken in. */
export async function storeListing(
  tenant: Tenant,
  serverId: string,
  { tools, unfit, toAlias }: Listing,
): Promise<void> {
  const names = tools.map(({ name }) => name);
  await tenant.transaction(async (transaction) => {
    const kept = await transaction
      .updateTable("mcp_servers")
      .set({ state: "ready", problem: null, unfit: json(unfit), listed_at: sql`clock_timestamp()` })
      .where("connection_id", "=", serverId)
      .returning("connection_id")
      .execute();
    if (kept.length === 0) return;
    const gone = sql<boolean>`name <> all(${names}::text[])`;
    await transaction
      .deleteFrom("mcp_tools")
      .where("connection_id", "=", serverId)
      .where("trusted", "is", null)
      .where(gone)
      .execute();
    await transaction
      .updateTable("mcp_tools")
      .set({ listed: null })
      .where("connection_id", "=", serverId)
      .where(gone)
      .execute();
    if (tools.length === 0) return;
    await transaction
      .insertInto("mcp_tools")
      .values(
        tools.map((tool) => ({
          workspace_id: tenant.workspaceId,
          connection_id: serverId,
          name: tool.name,
          alias: toAlias(tool.name),
          listed: json(tool),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(["workspace_id", "connection_id", "name"])
          .doUpdateSet({ listed: sql`excluded.listed` }),
      )
      .execute();
  });
}

/** An admin's decision on a tool. */
export interface DecidedTool {
  readonly name: string;
  readonly trusted: ListedTool | null;
  readonly effect: ToolEffect;
  readonly isChosen: boolean;
  readonly acceptedPins: readonly string[];
}

/** Stores what an admin has decided on tools of a server, all or nothing. */
export async function storeDecisions(
  tenant: Tenant,
  serverId: string,
  decided: readonly DecidedTool[],
): Promise<"done" | "alias-taken"> {
  try {
    await tenant.batch((query) =>
      decided.map(({ name, trusted, effect, isChosen, acceptedPins }) =>
        query
          .updateTable("mcp_tools")
          .set({
            trusted: trusted && json(trusted),
            effect,
            is_chosen: isChosen,
            accepted_pins: [...acceptedPins],
          })
          .where("connection_id", "=", serverId)
          .where("name", "=", name),
      ),
    );
    return "done";
  } catch (error) {
    if (sqlMeaning(error) === "taken") return "alias-taken";
    throw error;
  }
}

interface ToolRow {
  readonly name: string;
  readonly alias: string;
  readonly listed: ListedTool | null;
  readonly trusted: ListedTool | null;
  readonly effect: ToolEffect;
  readonly is_chosen: boolean;
  readonly accepted_pins: readonly string[];
}

const toTool = ({ is_chosen: isChosen, accepted_pins: acceptedPins, ...row }: ToolRow): McpTool => ({
  ...row,
  isChosen,
  acceptedPins,
});
