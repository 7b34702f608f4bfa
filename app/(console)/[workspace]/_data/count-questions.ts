import type { InboxItem } from "#/operations/inbox/contract.ts";

/** The most that fits a badge. */
const MOST_TOLD = 99;

/** Counts the questions on the first page of the inbox for a badge: “12”, or “99+” where there are more than it can know or show; undefined for none. */
export function countQuestions({
  items,
  nextCursor,
}: {
  readonly items: readonly Pick<InboxItem, "kind">[];
  readonly nextCursor: string | null;
}): string | undefined {
  const count = items.filter(({ kind }) => kind === "question").length;
  if (count === 0) return undefined;
  return nextCursor !== null || count > MOST_TOLD ? `${Math.min(count, MOST_TOLD)}+` : `${count}`;
}
