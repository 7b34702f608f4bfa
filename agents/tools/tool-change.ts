import { canonicalJson } from "#/lib/canonical-json.ts";

/** A part of a tool that is not what somebody has taken in. */
export interface ToolChange {
  readonly part: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** Returns the parts in which two forms of a tool differ. */
export function listDifferences<Part extends string>(
  parts: readonly Part[],
  before: Readonly<Partial<Record<Part, unknown>>>,
  now: Readonly<Partial<Record<Part, unknown>>>,
): readonly ToolChange[] {
  return parts.flatMap((part) =>
    canonicalJson(before[part]) === canonicalJson(now[part])
      ? []
      : [{ part, before: before[part] ?? null, now: now[part] ?? null }],
  );
}

/** `not-admin`: whoever decided may not; `changed`: the tool has yet another form by now. */
export type ChangeEnd = "done" | "not-admin" | "changed";
