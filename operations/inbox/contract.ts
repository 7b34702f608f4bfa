import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, pageOf, PageQuery } from "#/lib/http/wire.ts";
import { Approval } from "#/operations/approvals/contract.ts";
import { Run, RunSummary } from "#/operations/runs/contract.ts";

/** Something that waits for a person. */
export const InboxItem = v.variant("kind", [
  v.object({
    kind: v.literal("question"),
    id: Id,
    approval: Approval,
    /** Reason why the caller may not answer it; null where they may. */
    refusal: v.nullable(v.string()),
  }),
  v.object({ kind: v.literal("failure"), id: Id, run: RunSummary }),
]);
export type InboxItem = v.InferOutput<typeof InboxItem>;

/** Everything that waits in the workspace, or what comes from runs that the caller has started, by hand or by a key, schedule or webhook of theirs. */
const WHOSE_INBOX = ["team", "mine"] as const;
export type WhoseInbox = (typeof WHOSE_INBOX)[number];

export const listInboxContract = defineContract({
  method: "GET",
  path: "/api/v1/inbox",
  summary:
    "List what waits for a person: open approvals, of steps, tool calls, budgets and side effects of unknown outcome, and runs that failed in the last week and that nobody has retried, forked, replayed or dismissed. First what decides itself, the next to do so first, then the newest. ?whose=mine: of runs that the caller stands behind, without questions that somebody else has to answer.",
  access: "runs:read",
  query: v.object({ ...PageQuery, whose: v.optional(v.picklist(WHOSE_INBOX)) }),
  responses: { 200: { description: "A page of the inbox.", body: pageOf(InboxItem) } },
});

export const dismissRunContract = defineContract({
  method: "POST",
  path: "/api/v1/runs/{id}/dismiss",
  summary:
    "Take a run that failed or timed out from the inbox. It stays in the list of runs and can still be retried.",
  access: "runs:decide",
  about: "run",
  params: IdParams,
  audit: "run.dismissed",
  responses: { 200: { description: "The run.", body: Run } },
});
