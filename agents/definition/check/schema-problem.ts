import type * as v from "valibot";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { explainIssue } from "#/lib/issue-words.ts";

type Issue = v.BaseIssue<unknown>;

/** Returns what the schema refuses, in the author's words: where, and what to do. */
export function problemsOfIssue(issue: Issue): Problem[] {
  return placedProblems(issue, "");
}

function placedProblems(issue: Issue, outer: string): Problem[] {
  const path = `${outer}${toPointer(issue)}`;
  const meant = meantIn(issue);
  return meant.length > 0
    ? meant.flatMap((complaint) => placedProblems(complaint, path))
    : [{ path, message: describeIssue(issue) }];
}

const toPointer = (issue: Issue) => pointer(...(issue.path ?? []).map(({ key }) => String(key)));

/**
 * A value that fits none of several shapes fails once for each. What the author meant is the shape that he came furthest into;
 * if he came into none, a complaint that all shapes share (an unknown key) is worth saying.
 */
function meantIn(issue: Issue): readonly Issue[] {
  const issues: readonly Issue[] = issue.issues ?? [];
  const depths = issues.map((complaint) => complaint.path?.length ?? 0);
  const deepest = Math.max(0, ...depths);
  if (deepest > 1) return issues.filter((_, index) => depths[index] === deepest);
  const seen = new Set<string>();
  return issues.filter((complaint) => {
    const said = `${toPointer(complaint)} ${complaint.message}`;
    const isRepeated = seen.has(said);
    seen.add(said);
    return isRepeated;
  });
}

function describeIssue(issue: Issue): string {
  if (issue.type === "strict_object" && issue.expected === "never") return "This key is not known here.";
  if (issue.path === undefined && issue.type === "variant")
    return "A definition is an object with format, name, kind …";
  if (issue.type === "strict_object" && issue.received === "undefined") return "is missing";
  return explainIssue(issue);
}
