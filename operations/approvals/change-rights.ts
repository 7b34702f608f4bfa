import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import type { Role } from "#/lib/auth/permissions.ts";
import type { Principal } from "#/lib/auth/principal.ts";
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

/** Returns whether a person of this role may decide on what a question is about; what the members table says counts when they do. */
export const isForRole = (role: Role, { subject }: AskedAbout): boolean =>
  subject !== "tool_change" || role === "admin";

/** Returns whether this caller may: a key is no person. */
export const isForCaller = (principal: Principal, asked: AskedAbout): boolean =>
  principal.kind === "person" ? isForRole(principal.role, asked) : asked.subject !== "tool_change";

export const FOR_ADMINS =
  "The tool has changed, and only an admin can accept or refuse that, signed in to the app. Keys and links cannot.";
