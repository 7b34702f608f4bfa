import { database } from "#/db/client.ts";
import { listMemberships, type Membership } from "#/db/memberships.ts";
import { readAccessToken } from "#/lib/auth/access-token.ts";
import { idFromClerk } from "#/lib/auth/identifier.ts";
import type { Person } from "#/lib/auth/principal.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";

/**
 * Finds the person that a program acts for, by the access token it brings, in the workspace that `?workspace=` names or the only one that the person is in.
 * Undefined without a valid token; refuses with `forbidden` where nobody can tell which workspace is meant.
 */
export async function findBearer(request: Request): Promise<Person | Refusal | undefined> {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const grant = token === undefined ? undefined : await readAccessToken(token);
  if (!grant) return undefined;
  const userId = idFromClerk(grant.clerkUserId);
  const chosen = chooseWorkspace(await listMemberships(database(), userId), new URL(request.url));
  if ("refused" in chosen) return chosen;
  const { clerkUserId, issuedAt } = grant;
  return { kind: "person", userId, clerkUserId, toldAt: issuedAt, comesBy: "access-token", ...chosen };
}

function chooseWorkspace(memberships: readonly Membership[], { searchParams }: URL): Membership | Refusal {
  const asked = searchParams.get("workspace");
  const chosen = asked === null ? memberships.slice(0, 2) : memberships.filter(({ slug }) => slug === asked);
  const [only, another] = chosen;
  if (only && !another) return only;
  const names = memberships.map(({ slug }) => slug).join(", ");
  return refuse(
    "forbidden",
    memberships.length === 0
      ? "You are in no workspace yet. Sign in to the app and create one, or ask to be invited."
      : `Say which workspace is meant: add ?workspace=<name> to the address. You are in ${names}.`,
  );
}
