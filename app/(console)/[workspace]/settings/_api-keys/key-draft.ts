import { type Permission, type Scope, workflowScope } from "#/lib/auth/permissions.ts";
import { type CreateApiKey, MOST_WORKFLOWS } from "#/operations/api-keys/contract.ts";
import { findEnd } from "./key-expiry.ts";
import { permissionsOf, PRESETS } from "./key-scopes.ts";

export interface ChosenWorkflow {
  readonly id: string;
  readonly name: string;
}

/** A key as it is filled in. */
export interface KeyDraft {
  readonly name: string;
  /** A preset, or single permissions. */
  readonly preset: string;
  readonly permissions: readonly Permission[];
  /** The workflows that it is confined to; undefined: to none. */
  readonly workflows: readonly ChosenWorkflow[] | undefined;
  readonly expiry: string;
  /** The day where the key ends on a date. */
  readonly date: string;
}

export const NEW_KEY: KeyDraft = {
  name: "",
  preset: "start",
  permissions: [],
  workflows: undefined,
  expiry: "90",
  date: "",
};

export const SINGLE_PERMISSIONS = "single";

/** Takes another preset. Single permissions begin with what was chosen before. */
export function choosePreset({ preset: before, permissions }: KeyDraft, preset: string): Partial<KeyDraft> {
  const known = PRESETS.find(({ value }) => value === before);
  return { preset, permissions: known ? permissionsOf(known.scopes) : permissions };
}

function listScopes({ preset, permissions }: KeyDraft): readonly Scope[] {
  return PRESETS.find(({ value }) => value === preset)?.scopes ?? permissions;
}

/** Says what a draft lacks, so that it cannot be made a key yet; undefined: nothing. */
export function findLack(draft: KeyDraft, now: number): string | undefined {
  if (draft.name.trim() === "") return "Give it a name.";
  if (listScopes(draft).length === 0) return "Choose a permission.";
  if (draft.workflows?.length === 0) return "Choose a workflow.";
  const end = findEnd(draft, now);
  return end === undefined || end > now ? undefined : "Choose a date that is to come.";
}

export const isFull = ({ workflows = [] }: KeyDraft): boolean => workflows.length >= MOST_WORKFLOWS;

/** The request that makes the key. */
export function readKey(draft: KeyDraft, now: number): CreateApiKey {
  const end = findEnd(draft, now);
  return {
    name: draft.name.trim(),
    scopes: [...listScopes(draft), ...(draft.workflows ?? []).map(({ id }) => workflowScope(id))],
    expiresAt: end === undefined ? null : new Date(end).toISOString(),
  };
}
