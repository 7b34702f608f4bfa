import { APPROVAL_STATUSES, APPROVAL_SUBJECTS } from "#/agents/vocabulary/approval.ts";
import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, JsonObject, pageOf, PageQuery, Timestamp } from "#/lib/http/wire.ts";

export const ApprovalStatus = v.picklist(APPROVAL_STATUSES);

export const Approval = v.object({
  id: Id,
  runId: Id,
  workflowId: v.nullable(Id),
  workflowName: v.nullable(v.string()),
  step: v.string(),
  /** The subject that is decided on: a step, a tool call, a side effect of unknown outcome, a budget that is used up, an agent that has used its turns (turns), the rounds of its `until` (rounds) or the money for them (agent_budget). */
  subject: v.picklist(APPROVAL_SUBJECTS),
  title: v.string(),
  description: v.nullable(v.string()),
  /** The value that the step wants to be looked at: text or any JSON. */
  shown: v.unknown(),
  actions: v.array(v.string()),
  /** JSON Schema of the values: of `edit` where that is an action, else of every action but `reject`, which may do without. Null when none are asked for. */
  form: v.nullable(JsonObject),
  status: ApprovalStatus,
  action: v.nullable(v.string()),
  values: v.unknown(),
  comment: v.nullable(v.string()),
  decidedBy: v.nullable(
    v.looseObject({ kind: v.string(), id: v.optional(v.string()), name: v.optional(v.string()) }),
  ),
  /** Its run is a try of a draft, or was started by one. */
  try: v.boolean(),
  requestedAt: Timestamp,
  dueAt: v.nullable(Timestamp),
  decidedAt: v.nullable(Timestamp),
});
export type Approval = v.InferOutput<typeof Approval>;

export const DecideApproval = v.strictObject({
  action: v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(120)),
  /** Fit the approval's `form`; refused where the action takes none. */
  values: v.optional(v.unknown()),
  comment: v.optional(v.pipe(v.string(), v.maxLength(4_000))),
});
export type DecideApproval = v.InferInput<typeof DecideApproval>;

export const listApprovalsContract = defineContract({
  method: "GET",
  path: "/api/v1/approvals",
  summary:
    "List approvals, newest first: with status=decided by when they were decided, else by when they were asked. With ?run= those of a run, and what is asked about a budget that holds it up, whoever has asked. With ?family= those of a run and of all that it has started.",
  access: "runs:read",
  query: v.object({
    ...PageQuery,
    status: v.optional(ApprovalStatus),
    run: v.optional(Id),
    family: v.optional(Id),
  }),
  responses: { 200: { description: "A page of approvals.", body: pageOf(Approval) } },
});

export const decideApprovalContract = defineContract({
  method: "POST",
  path: "/api/v1/approvals/{id}/decision",
  summary: "Decide an open approval. The run continues immediately; only the first decision counts.",
  access: "runs:decide",
  about: "approval",
  params: IdParams,
  body: DecideApproval,
  idempotent: true,
  audit: "approval.decided",
  responses: { 200: { description: "The decided approval.", body: Approval } },
});

const MOST_AT_ONCE = 100;

const DecideApprovals = v.strictObject({
  ids: v.pipe(v.array(Id), v.minLength(1, "must name an approval"), v.maxLength(MOST_AT_ONCE)),
  ...DecideApproval.entries,
});

/** The end of one decision of many. */
const Outcome = v.object({
  id: Id,
  /** Reason why it could not be decided; null where it was. */
  refusal: v.nullable(v.string()),
});
export type Outcome = v.InferOutput<typeof Outcome>;

export const decideApprovalsContract = defineContract({
  method: "POST",
  path: "/api/v1/approvals/decisions",
  summary:
    "Give several open approvals the same answer, each for itself: one that is refused stands in the way of none.",
  access: "runs:decide",
  body: DecideApprovals,
  recordedIn: "the audit log, a line for each approval",
  responses: {
    200: { description: "An outcome for each approval.", body: v.object({ outcomes: v.array(Outcome) }) },
  },
});

export const approvalLinkContract = defineContract({
  method: "POST",
  path: "/api/v1/approvals/{id}/link",
  summary: "Create a link by which someone without an account can decide this approval, once.",
  access: "runs:decide",
  params: IdParams,
  body: v.optional(
    v.strictObject({
      expiresInHours: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(24 * 30)), 72),
    }),
    {},
  ),
  audit: "approval.linked",
  responses: {
    201: {
      description: "The link. Whoever has it can decide.",
      body: v.object({ url: v.pipe(v.string(), v.url()), expiresAt: Timestamp }),
    },
  },
});
