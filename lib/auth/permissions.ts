/** Everything a caller may be allowed to do inside a workspace. */
export const PERMISSIONS = [
  "workflows:read",
  "workflows:write",
  "runs:read",
  "runs:start",
  "runs:decide",
  "runs:cancel",
  "documents:read",
  "documents:write",
  "memories:read",
  "memories:write",
  "triggers:read",
  "triggers:write",
  "keys:write",
  "secrets:write",
  "connections:read",
  "connections:write",
  "settings:write",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Only admins may. */
const FOR_ADMINS: ReadonlySet<Permission> = new Set<Permission>([
  "keys:write",
  "secrets:write",
  "connections:write",
  "settings:write",
]);
const FOR_ALL = PERMISSIONS.filter((permission) => !FOR_ADMINS.has(permission));

export const ROLES = ["admin", "member"] as const;
export type Role = (typeof ROLES)[number];

/** The permissions of a person. */
const ALLOWED_TO_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  admin: PERMISSIONS,
  member: FOR_ALL,
};

/** Bundles of permissions that a key can be given by name. A key can also be given single permissions. */
const BUNDLES = ["admin", "write", "run", "read"] as const;
type Bundle = (typeof BUNDLES)[number];

const ALLOWED_TO_BUNDLE: Readonly<Record<Bundle, readonly Permission[]>> = {
  admin: PERMISSIONS,
  write: FOR_ALL,
  run: ["workflows:read", "runs:read", "runs:start", "runs:cancel", "documents:read"],
  read: PERMISSIONS.filter((permission) => permission.endsWith(":read")),
};

/** Every scope an API key can have. */
export const SCOPES = [...BUNDLES, ...PERMISSIONS] as const;
export type Scope = (typeof SCOPES)[number];

/** Returns whether a person of this role may do it. */
export function roleAllows(role: Role, permission: Permission): boolean {
  return ALLOWED_TO_ROLE[role].includes(permission);
}

/** The permissions that a scope comes to; none for a scope nobody knows any more. */
export function listPermissions(scope: string): readonly Permission[] {
  return PERMISSIONS.filter((permission) => scopesAllow([scope], permission));
}

/** Returns whether only admins may do it: such verbs do not rest on what a token says. */
export function isForAdmins(permission: Permission): boolean {
  return FOR_ADMINS.has(permission);
}

/** Returns whether a key with these scopes may do it. Scopes nobody knows any more allow nothing. */
export function scopesAllow(scopes: readonly string[], permission: Permission): boolean {
  if (scopes.includes(permission)) return true;
  return BUNDLES.some((bundle) => scopes.includes(bundle) && ALLOWED_TO_BUNDLE[bundle].includes(permission));
}

const WORKFLOW_SCOPE = "workflow:";

/** The scope that confines a key to a workflow; it permits nothing by itself. */
export const workflowScope = (workflowId: string): string => WORKFLOW_SCOPE + workflowId;

/** The workflows that a key with these scopes is confined to; undefined when it is to none. */
export function confinedTo(scopes: readonly string[]): readonly string[] | undefined {
  const workflows = scopes
    .filter((scope) => scope.startsWith(WORKFLOW_SCOPE))
    .map((scope) => scope.slice(WORKFLOW_SCOPE.length));
  return workflows.length > 0 ? workflows : undefined;
}
