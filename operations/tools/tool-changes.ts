import type { StepPorts } from "#/agents/steps/step-ports.ts";
import { acceptTool, listAcceptedTools } from "#/db/accepted-tools.ts";
import { recordAudit } from "#/db/audit.ts";
import type { Tenant } from "#/db/client.ts";
import { findAdmin } from "#/operations/tools/find-admin.ts";

/** Returns what keeps the decisions of admins on changed tools. Decided twice it is decided once. */
export const toolChangesOf = (tenant: Tenant): StepPorts["toolChanges"] => ({
  listAccepted: (run) => listAcceptedTools(tenant, run),
  decide: async ({ run: { runId, versionId }, tool, digest, accepts, by }) => {
    const admin = await findAdmin(tenant, by);
    if (!admin) return "not-admin";
    const scope =
      accepts === "version" && versionId !== null ? { runId: null, versionId } : { runId, versionId: null };
    if (accepts !== "nothing") await acceptTool(tenant, { ...scope, tool, digest, acceptedBy: admin.id });
    await recordAudit(tenant, {
      actor: admin,
      action: accepts === "nothing" ? "tool.change-refused" : "tool.change-accepted",
      targetId: tool,
    });
    return "done";
  },
});
