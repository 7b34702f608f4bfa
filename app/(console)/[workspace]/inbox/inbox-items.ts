import type { InboxItem } from "#/operations/inbox/contract.ts";

export type Question = Extract<InboxItem, { readonly kind: "question" }>;
export type Failure = Extract<InboxItem, { readonly kind: "failure" }>;

/** The item that is looked at: the chosen one, else the one that has taken its place in the list. */
export function chooseItem(
  items: readonly InboxItem[],
  chosen: string | undefined,
  lastIndex: number,
): InboxItem | undefined {
  return items.find(({ id }) => id === chosen) ?? items[Math.min(lastIndex, items.length - 1)];
}

/** The line of an item: the question or the error itself. */
export const titleOf = (item: InboxItem): string =>
  item.kind === "question" ? item.approval.title : (item.run.error?.message ?? "The run failed");

const DELETED = "A deleted workflow";

const ASKING: Readonly<Record<Question["approval"]["subject"], string>> = {
  step: "asks",
  tool: "asks about a tool",
  tool_change: "needs a tool that has changed",
  budget: "holds at its budget",
  turns: "has an agent at its limit of turns",
  rounds: "has an agent at its limit of rounds",
  agent_budget: "has an agent at its own budget",
  side_effect: "does not know whether it was sent",
};

/** Names the workflow of an item, and the reason why it is there. */
export function originOf(item: InboxItem): string {
  if (item.kind === "failure")
    return `${item.run.workflowName ?? DELETED} ${item.run.status === "timed_out" ? "took too long" : "failed"}`;
  const { workflowName, subject } = item.approval;
  return `${workflowName ?? DELETED} ${ASKING[subject]}`;
}

/** The moment since which an item waits. */
export const momentOf = (item: InboxItem): string =>
  item.kind === "question" ? item.approval.requestedAt : (item.run.finishedAt ?? item.run.createdAt);

const HOUR_MS = 3_600_000;

/** Judges how pressing a deadline is. */
export function pressureOf(dueAt: string, now: number): "late" | "soon" | "later" {
  const inMs = Date.parse(dueAt) - now;
  if (inMs <= 0) return "late";
  return inMs < 4 * HOUR_MS ? "soon" : "later";
}

/** Other questions that one answer may be for: the same step of the same workflow asks for the same. Fields of an edit are for one question alone. */
export function findEqual(question: Question, items: readonly InboxItem[]): readonly Question[] {
  if (question.approval.workflowId === null) return [];
  const same = describeQuestion(question);
  return items.filter(
    (item): item is Question =>
      item.kind === "question" &&
      item.id !== question.id &&
      item.refusal === null &&
      describeQuestion(item) === same,
  );
}

function describeQuestion({ approval: { workflowId, step, subject, actions, form } }: Question): string {
  return JSON.stringify([workflowId, step, subject, actions, actions.includes("edit") || form]);
}
