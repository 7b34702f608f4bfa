import { sql } from "kysely";
import type { System, TenantTransaction } from "#/db/client.ts";
import { idFromClerk } from "#/lib/auth/identifier.ts";
import type { IdentityChange, KnownOrganization, KnownPerson } from "#/lib/auth/identity-change.ts";
import type { Role } from "#/lib/auth/permissions.ts";

/** The claims of a session token about its person. */
export interface MemberClaims {
  readonly clerkUserId: string;
  readonly clerkOrgId: string;
  readonly slug: string;
  readonly role: Role;
  /** The moment at which it was made, in epoch milliseconds. */
  readonly toldAt: number;
}

/**
 * Makes the rows of a person's first visit, when it outruns the identity provider's webhook. Changes nothing that is there already, but for a role that
 * the token knows better, and brings nobody back who has gone since it was made. The workspace is named like its slug until the webhook tells.
 */
export async function provisionWorkspace(
  system: System,
  { clerkUserId, clerkOrgId, slug, role, toldAt }: MemberClaims,
): Promise<void> {
  await system.transaction(async (transaction) => {
    if (await isGone(transaction, [clerkUserId, clerkOrgId], toldAt)) return;
    if (!(await isNews(transaction, { subject: membership(clerkOrgId, clerkUserId), toldAt }))) return;
    await ensurePerson(transaction, clerkUserId);
    await transaction
      .insertInto("workspaces")
      .values({
        id: idFromClerk(clerkOrgId),
        clerk_org_id: clerkOrgId,
        name: slug,
        slug,
        owner_id: role === "admin" ? idFromClerk(clerkUserId) : null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await saveMember(transaction, { clerkUserId, clerkOrgId, role });
  });
}

/** Something that the identity provider has told. */
export interface IdentityNews {
  readonly deliveryId: string;
  /** By the provider's clock, in epoch milliseconds. */
  readonly toldAt: number;
  readonly change: IdentityChange;
}

/**
 * Applies one change of the identity provider, once: a repeated delivery changes nothing. Changes may arrive in any order: of several about the same
 * person, organization or membership the newest by the provider's own clock is what stays, deletions included.
 */
export async function applyIdentityChange(
  system: System,
  { deliveryId, toldAt, change }: IdentityNews,
): Promise<"applied" | "repeated"> {
  return system.transaction(async (transaction) => {
    const fresh = await recordDelivery(transaction, deliveryId);
    if (fresh) await apply(transaction, change, toldAt);
    return fresh ? "applied" : "repeated";
  });
}

const membership = (clerkOrgId: string, clerkUserId: string) => `${clerkOrgId} ${clerkUserId}`;

/** Returns whether this is the newest about its subject. Of two of the same moment a deletion is the last word. Others about it wait until this is done. */
async function isNews(
  transaction: TenantTransaction,
  news: { readonly subject: string; readonly toldAt: number; readonly gone?: boolean },
): Promise<boolean> {
  const { subject, gone = false } = news;
  const toldAt = sql<Date>`to_timestamp(${news.toldAt}::double precision / 1000)`;
  const stored = await transaction
    .insertInto("identity_news")
    .values({ subject, told_at: toldAt, gone })
    .onConflict((conflict) =>
      conflict
        .column("subject")
        .doUpdateSet({ told_at: toldAt, gone })
        .where(
          sql<boolean>`(identity_news.told_at, identity_news.gone) <= (excluded.told_at, excluded.gone)`,
        ),
    )
    .returning("subject")
    .execute();
  return stored.length > 0;
}

/** Returns whether one of the subjects has gone at that moment or since. */
async function isGone(
  transaction: TenantTransaction,
  subjects: readonly string[],
  toldAt: number,
): Promise<boolean> {
  const found = await transaction
    .selectFrom("identity_news")
    .select("subject")
    .where("subject", "in", [...subjects])
    .where("gone", "=", true)
    .where("told_at", ">=", sql<Date>`to_timestamp(${toldAt}::double precision / 1000)`)
    .execute();
  return found.length > 0;
}

async function recordDelivery(transaction: TenantTransaction, id: string): Promise<boolean> {
  // Clerk retries for a little more than a day.
  await transaction
    .deleteFrom("clerk_deliveries")
    .where("received_at", "<", sql<Date>`now() - interval '7 days'`)
    .execute();
  await transaction
    .deleteFrom("identity_news")
    .where("gone", "=", true)
    .where("told_at", "<", sql<Date>`now() - interval '30 days'`)
    .execute();
  const inserted = await transaction
    .insertInto("clerk_deliveries")
    .values({ id })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .execute();
  return inserted.length > 0;
}

async function apply(transaction: TenantTransaction, change: IdentityChange, toldAt: number): Promise<void> {
  switch (change.kind) {
    case "person-known":
      return applyPerson(transaction, change.person, toldAt);
    case "person-gone":
      return removePerson(transaction, change.clerkUserId, toldAt);
    case "organization-known":
      return applyOrganization(transaction, change.organization, toldAt);
    case "organization-gone":
      return removeOrganization(transaction, change.clerkOrgId, toldAt);
    case "member-known":
      return applyMember(transaction, change, toldAt);
    case "member-gone":
      return removeMember(transaction, change, toldAt);
    case "irrelevant":
      return;
  }
}

async function removePerson(
  transaction: TenantTransaction,
  clerkUserId: string,
  toldAt: number,
): Promise<void> {
  if (await isNews(transaction, { subject: clerkUserId, toldAt, gone: true }))
    await transaction.deleteFrom("users").where("id", "=", idFromClerk(clerkUserId)).execute();
}

async function removeOrganization(
  transaction: TenantTransaction,
  clerkOrgId: string,
  toldAt: number,
): Promise<void> {
  if (await isNews(transaction, { subject: clerkOrgId, toldAt, gone: true }))
    await transaction.deleteFrom("workspaces").where("id", "=", idFromClerk(clerkOrgId)).execute();
}

async function applyPerson(
  transaction: TenantTransaction,
  person: KnownPerson,
  toldAt: number,
): Promise<void> {
  if (await isNews(transaction, { subject: person.clerkUserId, toldAt }))
    await savePerson(transaction, person);
}

async function applyOrganization(
  transaction: TenantTransaction,
  { createdBy, ...organization }: KnownOrganization,
  toldAt: number,
): Promise<void> {
  if (!(await isNews(transaction, { subject: organization.clerkOrgId, toldAt }))) return;
  const isCreatorThere = createdBy !== undefined && !(await isGone(transaction, [createdBy], toldAt));
  await saveOrganization(transaction, isCreatorThere ? { ...organization, createdBy } : organization);
}

/** A membership brings its person and its organization along, as they were then. */
async function applyMember(
  transaction: TenantTransaction,
  { person, organization, role }: Extract<IdentityChange, { readonly kind: "member-known" }>,
  toldAt: number,
): Promise<void> {
  const [clerkUserId, clerkOrgId] = [person.clerkUserId, organization.clerkOrgId];
  if (await isGone(transaction, [clerkUserId, clerkOrgId], toldAt)) return;
  if (!(await isNews(transaction, { subject: membership(clerkOrgId, clerkUserId), toldAt }))) return;
  await applyPerson(transaction, person, toldAt);
  await applyOrganization(transaction, organization, toldAt);
  await saveMember(transaction, { clerkUserId, clerkOrgId, role });
}

async function ensurePerson(transaction: TenantTransaction, clerkUserId: string): Promise<void> {
  await transaction
    .insertInto("users")
    .values({ id: idFromClerk(clerkUserId), clerk_id: clerkUserId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Unknown fields keep what is there. */
async function savePerson(
  transaction: TenantTransaction,
  { clerkUserId, email, name, imageUrl }: KnownPerson,
): Promise<void> {
  const id = idFromClerk(clerkUserId);
  if (email !== undefined) {
    // The address of somebody who was deleted or has changed it, and whose own event is still on its way.
    await transaction
      .updateTable("users")
      .set({ email: null })
      .where("email", "=", email)
      .where("id", "<>", id)
      .execute();
  }
  const known = {
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
    ...(imageUrl !== undefined && { image_url: imageUrl }),
  };
  await transaction
    .insertInto("users")
    .values({ id, clerk_id: clerkUserId, ...known })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ clerk_id: clerkUserId, ...known }))
    .execute();
}

async function saveOrganization(
  transaction: TenantTransaction,
  { clerkOrgId, name, slug, createdBy }: KnownOrganization,
): Promise<void> {
  const owner = createdBy === undefined ? {} : { owner_id: idFromClerk(createdBy) };
  if (createdBy !== undefined) await ensurePerson(transaction, createdBy);
  await transaction
    .insertInto("workspaces")
    .values({ id: idFromClerk(clerkOrgId), clerk_org_id: clerkOrgId, name, slug, ...owner })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ name, slug, ...owner }))
    .execute();
}

async function saveMember(
  transaction: TenantTransaction,
  { clerkUserId, clerkOrgId, role }: Pick<MemberClaims, "clerkUserId" | "clerkOrgId" | "role">,
): Promise<void> {
  await transaction
    .insertInto("members")
    .values({ workspace_id: idFromClerk(clerkOrgId), user_id: idFromClerk(clerkUserId), role })
    .onConflict((conflict) => conflict.columns(["workspace_id", "user_id"]).doUpdateSet({ role }))
    .execute();
}

async function removeMember(
  transaction: TenantTransaction,
  gone: { readonly clerkOrgId: string; readonly clerkUserId: string },
  toldAt: number,
): Promise<void> {
  const { clerkOrgId, clerkUserId } = gone;
  if (!(await isNews(transaction, { subject: membership(clerkOrgId, clerkUserId), toldAt, gone: true })))
    return;
  await transaction
    .deleteFrom("members")
    .where("workspace_id", "=", idFromClerk(clerkOrgId))
    .where("user_id", "=", idFromClerk(clerkUserId))
    .execute();
}
