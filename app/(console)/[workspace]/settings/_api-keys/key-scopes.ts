import {
  confinedTo,
  listPermissions,
  type Permission,
  PERMISSIONS,
  type Scope,
  scopesAllow,
} from "#/lib/auth/permissions.ts";
import type { ApiKey } from "#/operations/api-keys/contract.ts";

interface Preset {
  readonly value: string;
  readonly label: string;
  readonly about: string;
  readonly scopes: readonly Scope[];
}

/** What keys are made for, most of them. */
export const PRESETS: readonly Preset[] = [
  {
    value: "start",
    label: "Start workflows",
    about: "Starts, follows and cancels runs. Sees workflows and documents.",
    scopes: ["run"],
  },
  {
    value: "answer",
    label: "Start workflows and answer approvals",
    about: "Starts, follows and cancels runs, and decides what they ask. Sees workflows and documents.",
    scopes: ["run", "runs:decide"],
  },
  {
    value: "read",
    label: "Read only",
    about: "Sees everything except keys and secrets. Changes nothing.",
    scopes: ["read"],
  },
  {
    value: "write",
    label: "Build and run",
    about: "Does everything that members may: workflows, runs, documents, triggers.",
    scopes: ["write"],
  },
  {
    value: "admin",
    label: "Everything",
    about: "Does everything that admins may, with keys, secrets, connections and settings.",
    scopes: ["admin"],
  },
];

interface PermissionGroup {
  readonly label: string;
  readonly permissions: readonly { readonly permission: Permission; readonly label: string }[];
}

/** Every permission once, by what it is about. */
export const PERMISSION_GROUPS: readonly PermissionGroup[] = [
  {
    label: "Workflows",
    permissions: [
      { permission: "workflows:read", label: "See" },
      { permission: "workflows:write", label: "Change and publish" },
    ],
  },
  {
    label: "Runs",
    permissions: [
      { permission: "runs:read", label: "See" },
      { permission: "runs:start", label: "Start" },
      { permission: "runs:cancel", label: "Pause and cancel" },
      { permission: "runs:decide", label: "Answer approvals" },
    ],
  },
  {
    label: "Documents",
    permissions: [
      { permission: "documents:read", label: "See and search" },
      { permission: "documents:write", label: "Add and delete" },
    ],
  },
  {
    label: "Memory",
    permissions: [
      { permission: "memories:read", label: "See and search" },
      { permission: "memories:write", label: "Correct and delete" },
    ],
  },
  {
    label: "Triggers",
    permissions: [
      { permission: "triggers:read", label: "See" },
      { permission: "triggers:write", label: "Change" },
    ],
  },
  {
    label: "Connections and tools",
    permissions: [
      { permission: "connections:read", label: "See" },
      { permission: "connections:write", label: "Change" },
    ],
  },
  {
    label: "Administration",
    permissions: [
      { permission: "keys:write", label: "API keys" },
      { permission: "secrets:write", label: "Secrets" },
      { permission: "settings:write", label: "Settings" },
    ],
  },
];

/** Lists the permissions that several scopes come to. */
export const permissionsOf = (scopes: readonly string[]): readonly Permission[] =>
  PERMISSIONS.filter((permission) => scopes.some((scope) => listPermissions(scope).includes(permission)));

/** Says what a key with these scopes may do, in the words of the dialog in which it is made. */
export function describeScopes(scopes: readonly string[]): string {
  const own = scopes.filter((scope) => confinedTo([scope]) === undefined);
  const preset = PRESETS.find(
    (one) => one.scopes.length === own.length && one.scopes.every((scope) => own.includes(scope)),
  );
  return preset?.label ?? describePermissions(own);
}

/** Says what a key may do, and in which workflows where it is confined to some. */
export function describeReach({ scopes, workflows }: Pick<ApiKey, "scopes" | "workflows">): string {
  const may = describeScopes(scopes);
  return workflows ? `${may} · only in ${workflows.map(({ name }) => name).join(", ")}` : may;
}

function describePermissions(scopes: readonly string[]): string {
  const groups = PERMISSION_GROUPS.flatMap(({ label, permissions }) => {
    const allowed = permissions.filter(({ permission }) => scopesAllow(scopes, permission));
    const words = allowed.map((one) => one.label.toLowerCase()).join(", ");
    return words === "" ? [] : [`${label}: ${words}`];
  });
  return groups.join("; ") || "Nothing";
}
