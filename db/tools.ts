import { sql } from "kysely";
import type { ToolRule } from "#/agents/definition/format/fields.ts";
import type { DeclaredOrigin, ToolEffect } from "#/agents/vocabulary/tool.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { json } from "#/db/tables.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import { sqlMeaning } from "#/lib/sql-state.ts";

/** A request that a workspace has declared as a tool. */
export interface StoredTool {
  readonly id: string;
  readonly name: string;
  readonly origin: DeclaredOrigin;
  readonly description: string;
  readonly input: JsonObject;
  readonly effect: ToolEffect;
  readonly request: JsonObject;
  /** The address of the document that it was imported from; null where there was none. */
  readonly importedFrom: string | null;
}

const COLUMNS = [
  "id",
  "name",
  "origin",
  "description",
  "input",
  "effect",
  "request",
  "imported_from as importedFrom",
] as const;

/** Returns the declared tools that exist among `names`. */
export async function findTools(tenant: Tenant, names: readonly string[]): Promise<readonly StoredTool[]> {
  if (names.length === 0) return [];
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("tools")
      .select(COLUMNS)
      .where("name", "in", [...names]),
  ]);
  return rows;
}

/** One parameter for all names: five hundred of them cost a query more than its answer. */
const isNamed = (names: readonly string[]) => sql<boolean>`name = any(${[...names]}::text[])`;

/** A declared tool by what changes with it. */
interface ToolRevision {
  readonly id: string;
  readonly name: string;
  readonly updatedAt: string;
}

/** Returns the declared tools that exist among `names`, without what they are. */
export async function findToolRevisions(
  tenant: Tenant,
  names: readonly string[],
): Promise<readonly ToolRevision[]> {
  if (names.length === 0) return [];
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("tools")
      .select(["id", "name", sql<string>`updated_at::text`.as("updatedAt")])
      .where(isNamed(names)),
  ]);
  return rows;
}

/** Returns the tools that were imported under a prefix. */
export async function findImportedTools(tenant: Tenant, prefix: string): Promise<readonly StoredTool[]> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("tools")
      .select(COLUMNS)
      .where("origin", "=", "openapi")
      .where(sql<boolean>`starts_with(name, ${`${prefix}__`})`)
      .orderBy("name"),
  ]);
  return rows;
}

/** Returns the names of all declared tools. */
export async function toolNames(tenant: Tenant): Promise<readonly string[]> {
  const [rows] = await tenant.batch((query) => [query.selectFrom("tools").select("name").orderBy("name")]);
  return rows.map(({ name }) => name);
}

/** Stores a tool. The same id again stores nothing. @returns whether its name was free */
export async function insertTool(tenant: Tenant, tool: StoredTool): Promise<boolean> {
  const { input, request, importedFrom, ...rest } = tool;
  try {
    await tenant.batch((query) => [
      query
        .insertInto("tools")
        .values({
          ...rest,
          workspace_id: tenant.workspaceId,
          input: json(input),
          request: json(request),
          imported_from: importedFrom,
          created_by: tenant.userId ?? null,
        })
        .onConflict((conflict) => conflict.columns(["workspace_id", "id"]).doNothing()),
    ]);
    return true;
  } catch (error) {
    if (sqlMeaning(error) === "taken") return false;
    throw error;
  }
}

interface ToolChange {
  readonly description?: string | undefined;
  readonly input?: JsonObject | undefined;
  readonly effect?: ToolEffect | undefined;
  readonly request?: JsonObject | undefined;
  readonly importedFrom?: string | null | undefined;
}

/** Changes a tool. @returns undefined when there is none of that name */
export async function updateTool(
  tenant: Tenant,
  name: string,
  { description, input, effect, request, importedFrom }: ToolChange,
): Promise<StoredTool | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .updateTable("tools")
      .set({
        ...(description !== undefined && { description }),
        ...(input && { input: json(input) }),
        ...(effect && { effect }),
        ...(request && { request: json(request) }),
        ...(importedFrom !== undefined && { imported_from: importedFrom }),
        updated_at: sql`clock_timestamp()`,
      })
      .where("name", "=", name)
      .returning(COLUMNS),
  ]);
  return rows[0];
}

/** Deletes a declared tool with what the workspace says of its calls. @returns whether there was one */
export async function deleteTool(tenant: Tenant, name: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query.deleteFrom("tools").where("name", "=", name).returning("name"),
    query.deleteFrom("tool_settings").where("name", "=", name),
  ]);
  return rows.length > 0;
}

/** A workspace's settings for the calls of a tool. */
export interface StoredSettings {
  readonly name: string;
  /** Null: as definitions say. */
  readonly policy: ToolRule | null;
  readonly limits: JsonObject;
}

/** Returns what the workspace says of the tools of these names, as far as it says anything. */
export async function findToolSettings(
  tenant: Tenant,
  names: readonly string[],
): Promise<readonly StoredSettings[]> {
  if (names.length === 0) return [];
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("tool_settings").select(["name", "policy", "limits"]).where(isNamed(names)),
  ]);
  return rows;
}

/** Replaces what the workspace says of the calls of a tool. */
export async function putToolSettings(
  tenant: Tenant,
  { name, policy, limits }: StoredSettings,
): Promise<void> {
  const said = { policy: policy === null ? null : json(policy), limits: json(limits) };
  await tenant.batch((query) => [
    query
      .insertInto("tool_settings")
      .values({ workspace_id: tenant.workspaceId, name, ...said })
      .onConflict((conflict) =>
        conflict
          .columns(["workspace_id", "name"])
          .doUpdateSet({ ...said, updated_at: sql`clock_timestamp()` }),
      ),
  ]);
}

/** A workflow whose published version names a tool. */
export interface ToolUse {
  readonly tool: string;
  readonly workflowId: string;
  readonly workflowName: string;
}

const MOST_USES = 1000;

/** Returns the workflows whose published versions name tools, of one tool or of all. */
export async function toolUses(tenant: Tenant, tool?: string): Promise<readonly ToolUse[]> {
  const [rows] = await tenant.batch((query) => [
    uses(query)
      .$if(tool !== undefined, (some) => some.where("used.name", "=", tool ?? ""))
      .orderBy("w.name")
      .limit(MOST_USES),
  ]);
  return rows;
}

/** Returns the workflows whose published versions name tools that begin so. */
export async function toolUsesUnder(tenant: Tenant, prefix: string): Promise<readonly ToolUse[]> {
  const [rows] = await tenant.batch((query) => [
    uses(query)
      .where(sql<boolean>`starts_with(used.name, ${prefix})`)
      .orderBy("w.name")
      .limit(MOST_USES),
  ]);
  return rows;
}

function uses(query: QueryBuilder) {
  return query
    .selectFrom("workflows as w")
    .innerJoin("workflow_versions as v", (join) =>
      join.onRef("v.workflow_id", "=", "w.id").onRef("v.version", "=", "w.published_version"),
    )
    .innerJoinLateral(
      sql<{ name: string }>`jsonb_object_keys(coalesce(v.definition -> 'toolPins', '{}'))`.as<"used">(
        sql`used(name)`,
      ),
      (join) => join.onTrue(),
    )
    .select(["used.name as tool", "w.id as workflowId", "w.name as workflowName"])
    .where("w.archived_at", "is", null);
}
