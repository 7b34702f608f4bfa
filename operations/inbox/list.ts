import { type InboxItem as StoredItem, listInbox as readInbox } from "#/db/inbox.ts";
import type { Page } from "#/db/page.ts";
import { allows, personBehind, type Principal } from "#/lib/auth/principal.ts";
import type { DeepReadonly, Input } from "#/lib/http/contract.ts";
import { FOR_ADMINS, isForCaller } from "#/operations/approvals/change-rights.ts";
import { refuseOwnRun } from "#/operations/approvals/own-run.ts";
import type { Caller } from "#/operations/caller.ts";
import type { InboxItem, listInboxContract } from "#/operations/inbox/contract.ts";

/**
 * Lists what waits for a person, the most pressing first; of a question also why the caller may not answer it. What is the caller's own comes from a
 * run that they stand behind, and is theirs to answer.
 */
export async function listInbox(
  { tenant, principal }: Caller,
  { whose, ...page }: Input<typeof listInboxContract>,
): Promise<Page<DeepReadonly<InboxItem>>> {
  const mine = {
    person: personBehind(principal),
    decidesOnTools: isForCaller(principal, { subject: "tool_change" }),
  };
  const { items, nextCursor } = await readInbox(tenant, { ...page, ...(whose === "mine" && { mine }) });
  return { nextCursor, items: items.map((item) => toItem(item, principal)) };
}

function toItem(item: StoredItem, principal: Principal): DeepReadonly<InboxItem> {
  if (item.kind === "failure") return item;
  const { notBy, ...question } = item;
  return { ...question, refusal: findRefusal({ ...question, notBy }, principal) ?? null };
}

type Question = Extract<StoredItem, { readonly kind: "question" }>;

function findRefusal({ notBy, approval }: Question, principal: Principal): string | undefined {
  if (!allows(principal, "runs:decide"))
    return "You may read this question, not answer it: that takes the permission runs:decide.";
  if (!isForCaller(principal, approval)) return FOR_ADMINS;
  return notBy === null ? undefined : refuseOwnRun(notBy, [personBehind(principal)]);
}
