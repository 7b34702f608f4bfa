import type * as v from "valibot";

/** Something wrong with a request, and the keys that lead there. */
interface PlacedIssue {
  readonly keys: readonly string[];
  readonly issue: v.BaseIssue<unknown>;
}

/** Finds what is wrong. Where a value could have been of several kinds, the one that it fits furthest knows. */
export function placeIssue(issue: v.BaseIssue<unknown>): PlacedIssue {
  const keys = issue.path?.map(({ key }) => String(key)) ?? [];
  const inner = (issue.issues ?? []).map(placeIssue).toSorted((one, other) => depthOf(other) - depthOf(one));
  const [deepest] = inner;
  return deepest && depthOf(deepest) > 0
    ? { keys: [...keys, ...deepest.keys], issue: deepest.issue }
    : { keys, issue };
}

/** A field that nobody knows says more than one that another kind would have. */
const depthOf = ({ keys, issue }: PlacedIssue): number =>
  keys.length + (issue.expected === "never" ? 0.5 : 0);
