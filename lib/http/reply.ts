import type { Refusal } from "#/lib/http/problem.ts";

/** Answers for an operation that went well; a refusal passes through. The contract decides which of these a route may use. */
export const ok = <Body extends object>(outcome: Body | Refusal) =>
  isRefusal(outcome) ? outcome : ({ status: 200, body: outcome } as const);
export const created = <Body extends object>(outcome: Body | Refusal) =>
  isRefusal(outcome) ? outcome : ({ status: 201, body: outcome } as const);
/** Taken on, not finished. */
export const accepted = <Body extends object>(outcome: Body | Refusal) =>
  isRefusal(outcome) ? outcome : ({ status: 202, body: outcome } as const);
/** Done, and there is nothing to show. */
export const done = (outcome: Refusal | undefined) => outcome ?? ({ status: 204 } as const);

function isRefusal(outcome: object): outcome is Refusal {
  return "refused" in outcome;
}
