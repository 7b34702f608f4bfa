import type { Delivery, Listener, OpenQuestion, ToTell } from "#/db/push.ts";
import { roleAllows } from "#/lib/auth/permissions.ts";
import { isForRole } from "#/operations/approvals/change-rights.ts";
import { isQuiet } from "#/lib/quiet-hours.ts";

/** A device that is told something now. */
export interface Telling {
  readonly listener: Listener;
  /** What it was not told yet, the newest first. */
  readonly questions: readonly OpenQuestion[];
  /** The number of questions that wait for its person, these included. */
  readonly waiting: number;
  /** The highest number of tries that one of the questions has behind it. */
  readonly tries: number;
}

/** A device hears something once in this time; what is asked meanwhile comes together in the next message. */
const AT_MOST_EVERY_MS = 20_000;

/** Decides who is told of what now: each question once on each device of everybody who may answer it, but for their quiet hours. */
export function planTelling({ listeners, questions, deliveries }: ToTell, now: number): readonly Telling[] {
  const known = new Map(deliveries.map((delivery) => [nameDelivery(delivery), delivery]));
  return listeners
    .filter((listener) => hears(listener, now))
    .flatMap((listener) => {
      const theirs = questions.filter((question) => mayAnswer(listener, question));
      const before = (question: OpenQuestion): Delivery | undefined =>
        known.get(nameDelivery({ subscriptionId: listener.id, approvalId: question.id }));
      const fresh = theirs.filter(
        (question) => question.askedAt > listener.since && isDue(before(question), now),
      );
      if (fresh.length === 0) return [];
      const tries = Math.max(...fresh.map((question) => before(question)?.tries ?? 0));
      return [{ listener, questions: fresh, waiting: theirs.length, tries }];
    });
}

const nameDelivery = ({ subscriptionId, approvalId }: Pick<Delivery, "subscriptionId" | "approvalId">) =>
  `${subscriptionId} ${approvalId}`;

const isDue = (delivery: Delivery | undefined, now: number): boolean =>
  delivery === undefined || (delivery.dueAt !== undefined && delivery.dueAt <= now);

function hears({ quiet, deliveredAt }: Listener, now: number): boolean {
  if (quiet && isQuiet(quiet, now)) return false;
  return deliveredAt === undefined || now - deliveredAt >= AT_MOST_EVERY_MS;
}

const mayAnswer = ({ userId, role }: Listener, question: OpenQuestion): boolean =>
  roleAllows(role, "runs:decide") && isForRole(role, question) && question.notBy?.includes(userId) !== true;
