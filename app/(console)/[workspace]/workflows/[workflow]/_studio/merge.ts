import { editDefinition } from "#/agents/definition/edit/edit.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { toLabel } from "#/lib/label.ts";

/** A draft that two people have changed: what both began with, and what each made of it. */
export interface Versions {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/** A part of a definition that both have changed, each in another way. */
export interface Clash {
  readonly part: string;
  readonly title: string;
}

type Side = "mine" | "theirs";
export type Choices = Readonly<Record<string, Side>>;

export type Merged =
  | { readonly ok: true; readonly text: string }
  /** Without clashes, one of the texts cannot be read or merged: only one of them as a whole can be kept. */
  | { readonly ok: false; readonly clashes: readonly Clash[] };

type Parts = ReadonlyMap<string, unknown>;

/** Merges by parts: each step, and each other key at the top. What one side alone has changed is taken; where both did, a choice is needed. */
export function mergeDrafts({ base, mine, theirs }: Versions, choices: Choices): Merged {
  const [before, own, other] = [splitParts(base), splitParts(mine), splitParts(theirs)];
  if (!before || !own || !other) return { ok: false, clashes: [] };
  const names = [...new Set([...before.keys(), ...own.keys(), ...other.keys()])];
  const changedThere = names.filter((part) => isChanged(part, before, other) && isChanged(part, own, other));
  const both = changedThere.filter((part) => isChanged(part, before, own));
  const open = both.filter((part) => choices[part] === undefined);
  if (open.length > 0)
    return { ok: false, clashes: both.map((part) => ({ part, title: titleOfPart(part) })) };
  const taken = changedThere.filter((part) => !both.includes(part) || choices[part] === "theirs");
  const edited = editDefinition(
    mine,
    taken.flatMap((part) => takePart(part, own.get(part), other.get(part))),
  );
  return edited.ok ? { ok: true, text: edited.text } : { ok: false, clashes: [] };
}

const STEP = "steps/";
const pathOfPart = (part: string): readonly string[] =>
  part.startsWith(STEP) ? ["steps", part.slice(STEP.length)] : [part];
const titleOfPart = (part: string) =>
  part.startsWith(STEP) ? `Step “${toLabel(part.slice(STEP.length))}”` : toLabel(part);

function splitParts(text: string): Parts | undefined {
  const parsed = parseText(text);
  if (!parsed.ok || !isJsonObject(parsed.document)) return undefined;
  const { steps, ...others } = parsed.document;
  const known: JsonObject = isJsonObject(steps) ? steps : {};
  return new Map([
    ...Object.entries(others),
    ...Object.entries(known).map(([id, step]) => [`${STEP}${id}`, step] as const),
  ]);
}

const isChanged = (part: string, one: Parts, two: Parts) =>
  JSON.stringify(one.get(part)) !== JSON.stringify(two.get(part));

/** Changes the fields that differ, so that comments beside the others stay. */
function takePart(part: string, own: unknown, other: unknown): readonly Operation[] {
  const path = pathOfPart(part);
  if (other === undefined) return [{ do: "unsetField", field: path }];
  if (!isJsonObject(own) || !isJsonObject(other)) return [{ do: "setField", field: path, value: other }];
  const gone = Object.keys(own).filter((key) => !(key in other));
  return [
    ...gone.map((key) => ({ do: "unsetField", field: [...path, key] }) as const),
    ...Object.entries(other).map(
      ([key, value]) => ({ do: "setField", field: [...path, key], value }) as const,
    ),
  ];
}
