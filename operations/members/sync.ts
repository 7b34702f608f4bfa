import { database } from "#/db/client.ts";
import { applyIdentityChange } from "#/db/identity.ts";
import { idFromClerk } from "#/lib/auth/identifier.ts";
import type { IdentityChange } from "#/lib/auth/identity-change.ts";
import { cache } from "#/lib/cloud/cache.ts";

type IdentityNews = Parameters<typeof applyIdentityChange>[1];

/** Keeps our copy of people, organizations and memberships in step with the identity provider. News may come late, twice and out of order. */
export async function syncIdentity(news: IdentityNews): Promise<void> {
  await applyIdentityChange(database().system, news);
  const organization = findOrganization(news.change);
  if (organization !== undefined) await cache().forgetAfter(news.change.kind, idFromClerk(organization));
}

function findOrganization(change: IdentityChange): string | undefined {
  if ("organization" in change) return change.organization.clerkOrgId;
  return "clerkOrgId" in change ? change.clerkOrgId : undefined;
}
