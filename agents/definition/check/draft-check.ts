import * as v from "valibot";
import type { Validated } from "#/agents/definition/check/validate.ts";

/** Raise it with every change of what is checked: a check that is stored under other rules is made anew when it is asked for. Publishing always checks. */
const RULES = 6;

const Problem = v.object({ path: v.string(), message: v.string(), suggestion: v.exactOptional(v.string()) });

/** The stored result of a check of a draft, and by which rules and names it was made. */
const DraftCheck = v.object({ rules: v.string(), problems: v.array(Problem), warnings: v.array(Problem) });
export type DraftCheck = v.InferOutput<typeof DraftCheck>;

/** @param digest of what definitions may name */
const fingerprintRules = (digest: string): string => `${RULES} ${digest}`;

export function makeDraftCheck(checked: Validated, digest: string): DraftCheck {
  const rules = fingerprintRules(digest);
  return checked.ok
    ? { rules, problems: [], warnings: [...checked.warnings] }
    : { rules, problems: [...checked.problems], warnings: [] };
}

/** A stored check, if there is one by the rules of today. */
export function readDraftCheck(stored: unknown, digest: string): DraftCheck | undefined {
  const read = v.safeParse(DraftCheck, stored);
  return read.success && read.output.rules === fingerprintRules(digest) ? read.output : undefined;
}
