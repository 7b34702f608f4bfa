import { type Permission, PERMISSIONS, type Scope, workflowScope } from "#/lib/auth/permissions.ts";
import { MOST_WORKFLOWS } from "#/operations/api-keys/contract.ts";
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

/** A key's form as it is sent: what was chosen, by the names of its fields. */
interface SentKey {
  readonly preset: string;
  readonly permissions: readonly string[];
  /** Ids; none: the key is confined to none. */
  readonly workflows: readonly string[];
}

/** Lists the scopes of a key that a form asks for. */
export function readScopes({ preset, permissions, workflows }: SentKey): readonly string[] {
  const chosen = PRESETS.find(({ value }) => value === preset)?.scopes ?? permissions;
  return [...chosen, ...workflows.map(workflowScope)];
}

/** The text of a moment at which a key ends; an empty one for never. Without a day it is one that the operation refuses, as it does days that are over. */
export function writeEnd(end: number | undefined): string {
  if (end === undefined) return "";
  return new Date(Number.isNaN(end) ? 0 : end).toISOString();
}

type Texts = Readonly<Record<string, readonly string[]>>;

/** Fills a draft in with what was sent and refused, or as a new one begins. */
export function restoreKey(sent: Texts): KeyDraft {
  const one = (name: string) => sent[name]?.[0];
  return {
    name: one("name") ?? NEW_KEY.name,
    preset: one("preset") ?? NEW_KEY.preset,
    permissions: PERMISSIONS.filter((permission) => sent["permission"]?.includes(permission)),
    workflows: sent["workflow"]?.map((id) => ({ id, name: id })),
    expiry: one("expiry") ?? NEW_KEY.expiry,
    date: one("date") ?? NEW_KEY.date,
  };
}
