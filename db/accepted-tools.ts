import type { Tenant } from "#/db/client.ts";

interface AcceptingRun {
  readonly runId: string;
  readonly versionId: string | null;
}

/** A changed tool in the form in which it may be called, by one run or by all of a version. */
export interface AcceptedTool {
  readonly runId: string | null;
  readonly versionId: string | null;
  readonly tool: string;
  readonly digest: string;
  readonly acceptedBy: string;
}

/** Returns the digests of changed tools that an admin has accepted for a run or its version. */
export async function listAcceptedTools(
  tenant: Tenant,
  { runId, versionId }: AcceptingRun,
): Promise<readonly string[]> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("accepted_tools")
      .select("digest")
      .where((where) =>
        where.or([where("run_id", "=", runId), where("workflow_version_id", "=", versionId)]),
      ),
  ]);
  return rows.map(({ digest }) => digest);
}

/** Stores that a changed tool may be called. Stored twice it is stored once. */
export async function acceptTool(
  tenant: Tenant,
  { runId, versionId, tool, digest, acceptedBy }: AcceptedTool,
): Promise<void> {
  await tenant.batch((query) => [
    query
      .insertInto("accepted_tools")
      .values({
        workspace_id: tenant.workspaceId,
        run_id: runId,
        workflow_version_id: versionId,
        tool,
        digest,
        accepted_by: acceptedBy,
      })
      .onConflict((conflict) => conflict.doNothing()),
  ]);
}
