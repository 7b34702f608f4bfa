import { sql } from "kysely";
import type { System, TenantTransaction } from "#/db/client.ts";
import { idFromClerk } from "#/lib/auth/identifier.ts";
import type { IdentityChange, KnownOrganization, KnownPerson } from "#/lib/auth/identity-change.ts";
import type { Role } from "#/lib/auth/permissions.ts";

/** What a session token tells about its person. */
export interface MemberClaims {
  readonly clerkUserId: string;
  readonly clerkOrgId: string;
  readonly slug: string;
  readonly role: Role;
}

/**
 * Makes the rows of a person's first visit, when it outruns the identity provider's webhook. Changes nothing that is there
 * already, but for the role: the token is newer than any webhook. The workspace is named like its slug until the webhook tells.
 */
export async function provisionWorkspace(system: System, { clerkUserId, clerkOrgId, slug, role }: MemberClaims): Promise<void> {
  await system.transaction(async (transaction) => {
    await ensurePerson(transaction, clerkUserId);
    await transaction
      .insertInto("workspaces")
      .values({ id: idFromClerk(clerkOrgId), clerk_org_id: clerkOrgId, name: slug, slug, owner_id: role === "admin" ? idFromClerk(clerkUserId) : null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await saveMember(transaction, { clerkUserId, clerkOrgId, role });
  });
}

/**
 * Applies one change of the identity provider, once: a repeated delivery changes nothing. Changes may arrive in any order,
 * save that a deletion is the last word only among those sent before it.
 */
export async function applyIdentityChange(system: System, deliveryId: string, change: IdentityChange): Promise<"applied" | "repeated"> {
  return system.transaction(async (transaction) => {
    const fresh = await recordDelivery(transaction, deliveryId);
    if (fresh) await apply(transaction, change);
    return fresh ? "applied" : "repeated";
  });
}

async function recordDelivery(transaction: TenantTransaction, id: string): Promise<boolean> {
  // Clerk retries for a little more than a day.
  await transaction.deleteFrom("clerk_deliveries").where("received_at", "<", sql<Date>`now() - interval '7 days'`).execute();
  const inserted = await transaction
    .insertInto("clerk_deliveries")
    .values({ id })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .execute();
  return inserted.length > 0;
}

async function apply(transaction: TenantTransaction, change: IdentityChange): Promise<void> {
  switch (change.kind) {
    case "person-known":
      return savePerson(transaction, change.person);
    case "person-gone":
      return void (await transaction.deleteFrom("users").where("id", "=", idFromClerk(change.clerkUserId)).execute());
    case "organization-known":
      return saveOrganization(transaction, change.organization);
    case "organization-gone":
      return void (await transaction.deleteFrom("workspaces").where("id", "=", idFromClerk(change.clerkOrgId)).execute());
    case "member-known":
      await savePerson(transaction, change.person);
      await saveOrganization(transaction, change.organization);
      return saveMember(transaction, { clerkUserId: change.person.clerkUserId, clerkOrgId: change.organization.clerkOrgId, role: change.role });
    case "member-gone":
      return removeMember(transaction, change);
    case "irrelevant":
      return;
  }
}

async function ensurePerson(transaction: TenantTransaction, clerkUserId: string): Promise<void> {
  await transaction
    .insertInto("users")
    .values({ id: idFromClerk(clerkUserId), clerk_id: clerkUserId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Unknown fields keep what is there. */
async function savePerson(transaction: TenantTransaction, { clerkUserId, email, name, imageUrl }: KnownPerson): Promise<void> {
  const id = idFromClerk(clerkUserId);
  if (email !== undefined) {
    // The address of somebody who was deleted or has changed it, and whose own event is still on its way.
    await transaction.updateTable("users").set({ email: null }).where("email", "=", email).where("id", "<>", id).execute();
  }
  const known = { ...(email !== undefined && { email }), ...(name !== undefined && { name }), ...(imageUrl !== undefined && { image_url: imageUrl }) };
  await transaction
    .insertInto("users")
    .values({ id, clerk_id: clerkUserId, ...known })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ clerk_id: clerkUserId, ...known }))
    .execute();
}

async function saveOrganization(transaction: TenantTransaction, { clerkOrgId, name, slug, createdBy }: KnownOrganization): Promise<void> {
  const owner = createdBy === undefined ? {} : { owner_id: idFromClerk(createdBy) };
  if (createdBy !== undefined) await ensurePerson(transaction, createdBy);
  await transaction
    .insertInto("workspaces")
    .values({ id: idFromClerk(clerkOrgId), clerk_org_id: clerkOrgId, name, slug, ...owner })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ name, slug, ...owner }))
    .execute();
}

async function saveMember(transaction: TenantTransaction, { clerkUserId, clerkOrgId, role }: Omit<MemberClaims, "slug">): Promise<void> {
  await transaction
    .insertInto("members")
    .values({ workspace_id: idFromClerk(clerkOrgId), user_id: idFromClerk(clerkUserId), role })
    .onConflict((conflict) => conflict.columns(["workspace_id", "user_id"]).doUpdateSet({ role }))
    .execute();
}

async function removeMember(transaction: TenantTransaction, { clerkOrgId, clerkUserId }: { readonly clerkOrgId: string; readonly clerkUserId: string }): Promise<void> {
  await transaction
    .deleteFrom("members")
    .where("workspace_id", "=", idFromClerk(clerkOrgId))
    .where("user_id", "=", idFromClerk(clerkUserId))
    .execute();
}
