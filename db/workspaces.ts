import { type PaceLimits, readPaceLimits } from "#/agents/engine/limits.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { isoTime } from "#/db/page.ts";

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

export interface Member {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly imageUrl: string | null;
  readonly role: "admin" | "member";
  readonly joinedAt: string;
}

/** The handle's own workspace; undefined until the identity provider has told of it. */
export async function getWorkspace(tenant: Tenant): Promise<Workspace | undefined> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("workspaces").select(["id", "name", "slug"]),
  ]);
  return rows[0];
}

/** Reads what the workspace may do at a time. */
export async function workspaceLimits(tenant: Tenant): Promise<PaceLimits> {
  const [rows] = await tenant.batch((query) => [query.selectFrom("workspaces").select("limits")]);
  return readPaceLimits(rows[0]?.limits);
}

/** The people of the workspace, by name. */
export async function listMembers(tenant: Tenant): Promise<readonly Member[]> {
  const [rows] = await tenant.batch((query) => [members(query).orderBy("u.name").orderBy("u.id")]);
  return rows.map(toMember);
}

export async function getMember(tenant: Tenant, userId: string): Promise<Member | undefined> {
  const [rows] = await tenant.batch((query) => [members(query).where("u.id", "=", userId)]);
  return rows[0] && toMember(rows[0]);
}

function members(query: QueryBuilder) {
  return query
    .selectFrom("members as m")
    .innerJoin("users as u", "u.id", "m.user_id")
    .select(["u.id", "u.name", "u.email", "u.image_url", "m.role", "m.created_at"]);
}

function toMember(row: Awaited<ReturnType<ReturnType<typeof members>["execute"]>>[number]): Member {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    imageUrl: row.image_url,
    role: row.role,
    joinedAt: isoTime(row.created_at),
  };
}
