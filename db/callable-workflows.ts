import { sql } from "kysely";
import type { Tenant } from "#/db/client.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** A published workflow that its definition marks as a tool. */
export interface CallableWorkflow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly description: string;
  /** JSON Schema of its input; null when any object will do. */
  readonly inputSchema: JsonObject | null;
}

/** Lists at most `limit` workflows whose published version is marked as a tool, the oldest first: their names are then older than those of later ones. */
export async function listCallableWorkflows(
  tenant: Tenant,
  limit: number,
): Promise<readonly CallableWorkflow[]> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("workflows as w")
      .innerJoin("workflow_versions as v", (join) =>
        join
          .onRef("v.workspace_id", "=", "w.workspace_id")
          .onRef("v.workflow_id", "=", "w.id")
          .onRef("v.version", "=", "w.published_version"),
      )
      .select(["w.id", "w.name", "v.version"])
      .select([
        sql<string>`v.definition #>> '{tool,description}'`.as("description"),
        sql<JsonObject | null>`v.definition -> 'input'`.as("inputSchema"),
      ])
      .where("w.archived_at", "is", null)
      .where(sql<boolean>`v.definition ? 'tool'`)
      .orderBy("w.created_at")
      .orderBy("w.id")
      .limit(limit),
  ]);
  return rows.flatMap(({ version, ...row }) => (version === null ? [] : [{ ...row, version }]));
}
