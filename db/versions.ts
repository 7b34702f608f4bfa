import { type NotNull, sql } from "kysely";
import { type AuditEntry, auditRow } from "#/db/audit.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { countBefore, given, isoTime, type Page, type PageRequest, toPage } from "#/db/page.ts";
import { json } from "#/db/tables.ts";
import type { WorkflowKind } from "#/agents/vocabulary/workflow.ts";
import type { JsonObject } from "#/lib/json-object.ts";

export interface Version {
  readonly version: number;
  readonly kind: WorkflowKind;
  readonly published: boolean;
  readonly createdAt: string;
  readonly createdBy: string | null;
  /** The reason for which an admin has published it against the rule of two, and the admin's name; null where it keeps to the rule. */
  readonly overridden: { readonly reason: string; readonly by: string | null } | null;
}

export interface VersionDetail extends Version {
  readonly definition: JsonObject;
  readonly source: string;
}

export interface Publication {
  readonly versionId: string;
  readonly kind: WorkflowKind;
  readonly definition: unknown;
  readonly source: string;
  /** A line for the audit log that is written with it. */
  readonly overridden?: AuditEntry | undefined;
}

/**
 * Stores a valid definition as the next version and publishes it. Versions are numbered without gaps, whoever publishes at the same time.
 * @returns "unchanged" when the published version has the same text and, as far as it has pins, the same tools
 */
export function publishVersion(
  tenant: Tenant,
  workflowId: string,
  publication: Publication,
): Promise<VersionDetail | "not-found" | "unchanged"> {
  const { versionId, kind, definition, source, overridden } = publication;
  return tenant.transaction(async (trx) => {
    const workflow = await trx
      .selectFrom("workflows")
      .select("published_version")
      .where("id", "=", workflowId)
      .where("archived_at", "is", null)
      .forUpdate()
      .executeTakeFirst();
    if (!workflow) return "not-found";
    const same = trx
      .selectFrom("workflow_versions")
      .select("id")
      .where("workflow_id", "=", workflowId)
      .where("version", "=", workflow.published_version)
      .where("source", "=", source)
      .where(
        sql<boolean>`coalesce((definition -> 'toolPins') = (${json(definition)}::jsonb -> 'toolPins'), true)`,
      );
    if (await same.executeTakeFirst()) return "unchanged";
    const { version } = await trx
      .insertInto("workflow_versions")
      .values((eb) => ({
        workspace_id: tenant.workspaceId,
        id: versionId,
        workflow_id: workflowId,
        version: eb
          .selectFrom("workflow_versions")
          .select(sql<number>`coalesce(max(version), 0) + 1`.as("next"))
          .where("workflow_id", "=", workflowId),
        kind,
        definition: json(definition),
        source,
        created_by: tenant.userId ?? null,
      }))
      .returning("version")
      .executeTakeFirstOrThrow();
    if (overridden)
      await trx
        .insertInto("audit_log")
        .values(auditRow(tenant, withVersion(overridden, version)))
        .execute();
    await trx
      .updateTable("workflows")
      .set({ published_version: version, updated_at: sql`clock_timestamp()` })
      .where("id", "=", workflowId)
      .execute();
    const row = await versions({ query: trx, workflowId })
      .select(["v.definition", "v.source"])
      .where("v.version", "=", version)
      .executeTakeFirstOrThrow();
    return toDetail(row);
  });
}

const withVersion = (entry: AuditEntry, version: number | null): AuditEntry => ({
  ...entry,
  detail: { version, ...entry.detail },
});

/** Versions, newest first; undefined when there is no such workflow. */
export async function listVersions(
  tenant: Tenant,
  workflowId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<Version> | undefined> {
  const [workflows, rows] = await tenant.batch((query) => [
    query.selectFrom("workflows").select("id").where("id", "=", workflowId).where("archived_at", "is", null),
    versions({ query, workflowId })
      .where((eb) => eb.and(given(cursor, (it) => eb("v.version", "<", countBefore(it)))))
      .orderBy("v.version", "desc")
      .limit(limit + 1),
  ]);
  if (workflows.length === 0) return undefined;
  return toPage(rows, limit, toVersion);
}

export async function getVersion(
  tenant: Tenant,
  workflowId: string,
  version: number,
): Promise<VersionDetail | undefined> {
  const [rows] = await tenant.batch((query) => [
    versions({ query, workflowId }).select(["v.definition", "v.source"]).where("v.version", "=", version),
  ]);
  return rows[0] && toDetail(rows[0]);
}

/** Makes an existing version the published one. @returns whether there is such a version */
export async function rollbackWorkflow(
  tenant: Tenant,
  workflowId: string,
  version: number,
): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query
      .updateTable("workflows")
      .set({ published_version: version, updated_at: sql`clock_timestamp()` })
      .where("id", "=", workflowId)
      .where("archived_at", "is", null)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom("workflow_versions as v")
            .select("v.id")
            .where("v.workflow_id", "=", workflowId)
            .where("v.version", "=", version),
        ),
      )
      .returning("id"),
  ]);
  return rows.length > 0;
}

const overridden = sql<Version["overridden"]>`(
  select jsonb_build_object('reason', a.detail ->> 'reason', 'by', a.actor ->> 'name')
  from audit_log a
  where a.workspace_id = v.workspace_id and a.target_id = v.workflow_id::text
    and a.action = 'workflow.rule-of-two-overridden' and a.detail ->> 'version' = v.version::text
  order by a.at desc
  limit 1
)`;

function versions({ query, workflowId }: { readonly query: QueryBuilder; readonly workflowId: string }) {
  return (
    query
      .selectFrom("workflow_versions as v")
      .innerJoin("workflows as w", "w.id", "v.workflow_id")
      .leftJoin("users as u", "u.id", "v.created_by")
      .select(["v.id", "v.version", "v.kind", "v.created_at", "u.name as created_by"])
      .select([
        sql<boolean>`v.version is not distinct from w.published_version`.as("published"),
        sql<string>`v.version::text`.as("cursorKey"),
        overridden.as("overridden"),
      ])
      .where("v.workflow_id", "=", workflowId)
      .where("w.archived_at", "is", null)
      // One without a number is the edited definition of a fork.
      .where("v.version", "is not", null)
      .$narrowType<{ version: NotNull }>()
  );
}

type VersionRow = Awaited<ReturnType<ReturnType<typeof versions>["execute"]>>[number];

function toVersion(row: VersionRow): Version {
  return {
    version: row.version,
    kind: row.kind,
    published: row.published,
    createdAt: isoTime(row.created_at),
    createdBy: row.created_by,
    overridden: row.overridden,
  };
}

function toDetail(
  row: VersionRow & { readonly definition: JsonObject; readonly source: string },
): VersionDetail {
  return { ...toVersion(row), definition: row.definition, source: row.source };
}
