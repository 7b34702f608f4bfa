import { database, type Tenant } from "#/db/client.ts";
import { provisionWorkspace } from "#/db/identity.ts";
import { getMember, getWorkspace } from "#/db/workspaces.ts";
import { type Permission, type Role, roleAllows } from "#/lib/auth/permissions.ts";
import { allows, currentPrincipal, type Person, personBehind, type Principal } from "#/lib/auth/principal.ts";
import { cache } from "#/lib/cloud/cache.ts";
import { Memory } from "#/lib/memory.ts";

/** Opens the handle that confines everything after it to the caller's workspace. What it lists may be some seconds old where it may lag. */
export function openTenant(principal: Principal, { mayLag } = { mayLag: false }): Tenant {
  return database().tenant({ workspaceId: principal.workspaceId, userId: personBehind(principal), mayLag });
}

/** People whose rows this process has seen to. */
const provisioned = new Memory<true>({ keptMs: 600_000, most: 10_000 });

/** Finds the signed-in person. A first call may come before the identity provider's webhook: the person's rows are then made from the session token. */
export async function findPerson(): Promise<Person | undefined> {
  const person = await currentPrincipal();
  if (!person) return undefined;
  const key = `${person.workspaceId} ${person.userId} ${person.role}`;
  if (!provisioned.get(key)) {
    await provisionWorkspace(database().system, person);
    provisioned.set(key, true);
  }
  return person;
}

/** Reads the role in the members table of the person who acts; undefined when that person has left the workspace. */
export async function readRole(principal: Principal): Promise<Role | undefined> {
  return (await getMember(openTenant(principal), personBehind(principal)))?.role;
}

/**
 * Returns whether somebody may do something, by the members table too: a session and a remembered key say for a while what was so before. For what only
 * admins may do.
 */
export async function mayStill(principal: Principal, permission: Permission): Promise<boolean> {
  const role = await readRole(principal);
  return role !== undefined && allows(principal, permission) && roleAllows(role, permission);
}

/** Opens the workspace of somebody who looks at the console, and makes its rows when the visit outruns the identity provider's webhook. */
export async function openWorkspace(
  person: Person,
): Promise<{ readonly tenant: Tenant; readonly workspaceName: string }> {
  const tenant = openTenant(person, { mayLag: true });
  const { workspaceId } = tenant;
  const workspace = await cache().read({ kept: "workspace", workspaceId }, () => getWorkspace(tenant));
  if (!workspace) await provisionWorkspace(database().system, person);
  return { tenant, workspaceName: workspace?.name ?? person.slug };
}
