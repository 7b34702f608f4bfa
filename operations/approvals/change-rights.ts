import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import type { Tenant } from "#/db/client.ts";
import { findAdmin } from "#/operations/tools/find-admin.ts";

interface AskedAbout {
  readonly subject: ApprovalSubject;
}

/** Refuses to decide on a changed tool to whoever is no admin: what is accepted holds for others, too. @returns the reason, in words */
export async function refuseChange(
  tenant: Tenant,
  { subject }: AskedAbout,
  by: unknown,
): Promise<string | undefined> {
  return subject !== "tool_change" || (await findAdmin(tenant, by)) ? undefined : FOR_ADMINS;
}

export const FOR_ADMINS =
  "The tool has changed, and only an admin can accept or refuse that, signed in to the app. Keys and links cannot.";
