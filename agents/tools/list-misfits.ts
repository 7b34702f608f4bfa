import type * as v from "valibot";
import { describeIssue, placeOfIssue } from "#/lib/issue-words.ts";

/** Says what a schema found in the arguments of a call, as the tools do whose schema is JSON Schema: `/limit must be 1000 or less`. */
export const listMisfits = (issues: readonly v.BaseIssue<unknown>[]): readonly string[] =>
  issues.map((issue) => `${placeOfIssue(issue)} ${describeIssue(issue)}`.trim());
