import type { Approval } from "#/operations/approvals/contract.ts";

/** A day may have hundreds; the tab of decisions has them all. */
const MOST = 10;

/** Picks the decisions of the day that `now`, in epoch milliseconds, is in where the reader is, at most ten. */
export function pickToday<Decided extends Pick<Approval, "decidedAt">>(
  decided: readonly Decided[],
  now: number,
): readonly Decided[] {
  const today = new Date(now).toDateString();
  return decided
    .filter(({ decidedAt }) => decidedAt !== null && new Date(decidedAt).toDateString() === today)
    .slice(0, MOST);
}
