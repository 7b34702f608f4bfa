import { database } from "#/db/client.ts";
import { applyIdentityChange } from "#/db/identity.ts";

type IdentityNews = Parameters<typeof applyIdentityChange>[1];

/** Keeps our copy of people, organizations and memberships in step with the identity provider. News may come late, twice and out of order. */
export async function syncIdentity(news: IdentityNews): Promise<void> {
  await applyIdentityChange(database().system, news);
}
