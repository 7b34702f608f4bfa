import { sql } from "kysely";
import { readRunTimeout } from "#/agents/definition/format/duration.ts";
import type { RunnableWorkflow } from "#/agents/engine/run.ts";
import type { Tenant } from "#/db/client.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A version of another workflow, for a step that runs it: by id, or by name (of several the newest). */
export async function runnableWorkflow(
  tenant: Tenant,
  idOrName: string,
  version: number | undefined,
): Promise<RunnableWorkflow | undefined> {
  const row = await findRunnable(tenant, idOrName, version);
  if (!row || row.version === null) return undefined;
  const { definition, version: found, ...rest } = row;
  return {
    ...rest,
    version: found,
    timeoutMs: readRunTimeout(definition),
    ...(isJsonObject(definition["input"]) && { inputSchema: definition["input"] }),
  };
}

/** Returns the definition that a step would run now. */
export async function runnableDefinition(
  tenant: Tenant,
  idOrName: string,
  version: number | undefined,
): Promise<JsonObject | undefined> {
  return (await findRunnable(tenant, idOrName, version))?.definition;
}

async function findRunnable(tenant: Tenant, idOrName: string, version: number | undefined) {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("workflows as w")
      .innerJoin("workflow_versions as v", "v.workflow_id", "w.id")
      .select(["w.id as workflowId", "v.id as versionId", "v.version", "v.kind", "v.definition"])
      .where("w.archived_at", "is", null)
      .where(UUID.test(idOrName) ? "w.id" : "w.name", "=", idOrName)
      .where("v.version", "=", version === undefined ? sql<number>`w.published_version` : version)
      .orderBy("w.created_at", "desc")
      .limit(1),
  ]);
  return rows[0];
}
