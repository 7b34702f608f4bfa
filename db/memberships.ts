import * as v from "valibot";
import type { Database } from "#/db/client.ts";
import { ROLES } from "#/lib/auth/permissions.ts";

const Memberships = v.array(
  v.object({
    workspaceId: v.string(),
    slug: v.string(),
    clerkOrgId: v.string(),
    role: v.picklist(ROLES),
  }),
);
export type Membership = v.InferOutput<typeof Memberships>[number];

/** The workspaces that a person is in, by their slugs. */
export async function listMemberships(database: Database, userId: string): Promise<readonly Membership[]> {
  const [row] = await database.call("select app.memberships_of($1) as memberships", [userId]);
  return v.parse(Memberships, row?.["memberships"]);
}
