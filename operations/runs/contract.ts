import { WAIT_KINDS } from "#/agents/vocabulary/wait.ts";
import { SIDE_EFFECT_KINDS, SIDE_EFFECT_STATES } from "#/agents/vocabulary/side-effect.ts";
import { LOG_KINDS, LOG_STATUSES } from "#/agents/vocabulary/log-line.ts";
import * as v from "valibot";
import { PRIORITIES, RUN_STATUSES, TRIGGER_KINDS } from "#/agents/vocabulary/run.ts";
import { DefinitionInput, WorkflowKind } from "#/operations/workflows/contract.ts";
import { defineContract } from "#/lib/http/contract.ts";
import {
  Id,
  IdParams,
  JsonObject,
  pageOf,
  PageQuery,
  SearchQuery,
  Timestamp,
  VersionNumber,
  wholeNumber,
} from "#/lib/http/wire.ts";

export const RunStatus = v.picklist(RUN_STATUSES);
export type RunStatus = v.InferOutput<typeof RunStatus>;

export const TriggerKind = v.picklist(TRIGGER_KINDS);
export type TriggerKind = v.InferOutput<typeof TriggerKind>;

/** The start of a run. Webhooks add webhookId and messageId, schedules scheduleId and fireAt, people and keys who they are, and `batch` where several were started together. */
export const Trigger = v.looseObject({ kind: TriggerKind });
export type Trigger = v.InferOutput<typeof Trigger>;

/** `code` is stable; `message` says what happened and what can be done. */
export const RunError = v.object({ code: v.string(), message: v.string(), step: v.optional(v.string()) });
export type RunError = v.InferOutput<typeof RunError>;

const Paid = { inputTokens: v.number(), outputTokens: v.number(), costUsd: v.number() };

/**
 * The spending of a run itself; in `children` what the runs that it has started have, and theirs: each is added when it ends. Of a fork also what it has
 * taken over instead.
 */
export const Usage = v.object({
  ...Paid,
  children: v.optional(v.object(Paid)),
  savedTokens: v.optional(v.number()),
  savedUsd: v.optional(v.number()),
});

/** A run as lists show it. */
export const RunSummary = v.object({
  id: Id,
  workflowId: v.nullable(Id),
  workflowName: v.nullable(v.string()),
  version: v.nullable(v.number()),
  status: RunStatus,
  waitingOn: v.nullable(v.picklist(WAIT_KINDS)),
  trigger: Trigger,
  error: v.nullable(RunError),
  usage: Usage,
  /** A person, or a time-out, said no: the last of its approvals that was decided was rejected. */
  rejected: v.boolean(),
  /** One line: what it asks, why it failed, what it answered, or what it was given. */
  summary: v.nullable(v.string()),
  /** Supersteps committed. */
  step: v.number(),
  createdAt: Timestamp,
  startedAt: v.nullable(Timestamp),
  finishedAt: v.nullable(Timestamp),
  forkedFrom: v.nullable(Id),
  parentId: v.nullable(Id),
  /** True if it tries a draft, or was started or made by a run that does. Tries are left out of statistics; what they use counts. */
  try: v.boolean(),
  /** The item of a map that the run does: the map's step and the place in its list. Null for runs of whole workflows. */
  part: v.nullable(v.object({ step: v.string(), index: v.number() })),
});
export type RunSummary = v.InferOutput<typeof RunSummary>;

/** Usage as limits count it. */
export const Used = v.object({ tokens: v.number(), costUsd: v.number() });

/** The spending of a run so far with all that it has started, runs at work included, and what is set aside of its limits besides. */
export const RunAccount = v.object({
  spent: Used,
  /** The most that model calls under way may use which share a budget with other runs. */
  aside: Used,
  /** Raised ones as they are now. A limit that is not there is not set. */
  limits: v.object({ maxTokens: v.optional(v.number()), maxCostUsd: v.optional(v.number()) }),
});
export type RunAccount = v.InferOutput<typeof RunAccount>;

/** A whole run. `state` is the latest public state; `output` is null until it has ended. */
export const Run = v.object({
  ...RunSummary.entries,
  account: RunAccount,
  input: JsonObject,
  output: v.unknown(),
  state: JsonObject,
});
export type Run = v.InferOutput<typeof Run>;

/** One line of a run's log: a task of a step, in the order `seq` in which they were committed. */
export const StepLog = v.object({
  seq: v.number(),
  step: v.string(),
  kind: v.picklist(LOG_KINDS),
  status: v.picklist(LOG_STATUSES),
  taskId: v.string(),
  superstep: v.number(),
  attempt: v.number(),
  input: v.unknown(),
  output: v.unknown(),
  error: v.nullable(RunError),
  startedAt: v.nullable(Timestamp),
  durationMs: v.nullable(v.number()),
  model: v.nullable(v.string()),
  inputTokens: v.number(),
  outputTokens: v.number(),
  costUsd: v.number(),
  /** Taken over from the run that this one was forked from: tokens and cost are what was saved. */
  reused: v.boolean(),
  at: Timestamp,
});
export type StepLog = v.InferOutput<typeof StepLog>;

/** Lanes: a high run is never behind normal ones, low ones leave room. */
export const Priority = v.picklist(PRIORITIES);

export const StartRun = v.strictObject({
  input: v.optional(JsonObject, {}),
  /** The published version unless given. */
  version: v.optional(VersionNumber),
  priority: v.optional(Priority, "normal"),
  /** Consent to what the run is likely to cost, where the workspace asks for it. */
  consent: v.optional(v.boolean(), false),
});
export type StartRun = v.InferInput<typeof StartRun>;

export const StartedRun = v.object({ id: Id, status: RunStatus, url: v.pipe(v.string(), v.url()) });
export type StartedRun = v.InferOutput<typeof StartedRun>;

export const startRunContract = defineContract({
  method: "POST",
  path: "/api/v1/workflows/{id}/runs",
  summary: "Start a run. With ?wait= the answer is the finished run if it ends within so many seconds.",
  access: "runs:start",
  about: "workflow",
  limit: "runs",
  idempotent: true,
  params: IdParams,
  query: v.object({ wait: v.optional(wholeNumber(0, 60), "0") }),
  body: v.optional(StartRun, {}),
  recordedIn: "the trigger of the run",
  responses: {
    202: { description: "The run is on its way.", body: StartedRun },
    200: { description: "The run has ended.", body: Run },
  },
});

/** The likely usage of a run, with all that it starts, by the last runs of its workflow. */
export const RunEstimate = v.object({
  /** The number of runs that the estimate rests on: at most the last 50 that have succeeded. */
  runs: v.number(),
  /** Half of them used no more; null where there are none. */
  typical: v.nullable(Used),
  /** Nine of ten used no more. */
  high: v.nullable(Used),
  askAboveUsd: v.nullable(v.number()),
  /** True if a start without `consent` is refused. */
  needsConsent: v.boolean(),
});
export type RunEstimate = v.InferOutput<typeof RunEstimate>;

export const estimateNextRunContract = defineContract({
  method: "GET",
  path: "/api/v1/workflows/{id}/estimate",
  summary: "Estimate what the next run of a workflow will cost, by its last runs.",
  access: "runs:read",
  about: "workflow",
  params: IdParams,
  responses: { 200: { description: "The estimate.", body: RunEstimate } },
});

const YesOrNo = v.pipe(
  v.picklist(["true", "false"], "must be true or false"),
  v.transform((word) => word === "true"),
);

export const listRunsContract = defineContract({
  method: "GET",
  path: "/api/v1/runs",
  summary:
    "List runs, newest first. With ?parent= those that a run has started, the items of its maps among them; with ?forkedFrom= those that were made from a run; with ?batch= those that were started together; with ?try=true tries of drafts, with ?try=false none of them; with ?search= those whose id, input, output or error has these words, or words that begin so.",
  access: "runs:read",
  query: v.object({
    ...PageQuery,
    ...SearchQuery,
    workflow: v.optional(Id),
    status: v.optional(RunStatus),
    trigger: v.optional(TriggerKind),
    parent: v.optional(Id),
    forkedFrom: v.optional(Id),
    batch: v.optional(Id),
    try: v.optional(YesOrNo),
  }),
  responses: { 200: { description: "A page of runs.", body: pageOf(RunSummary) } },
});

export const getRunContract = defineContract({
  method: "GET",
  path: "/api/v1/runs/{id}",
  summary: "Read a run.",
  access: "runs:read",
  about: "run",
  params: IdParams,
  responses: { 200: { description: "The run.", body: Run } },
});

/** The definition that a run executes. `version` is null when the definition was edited for this run alone. */
export const RunDefinition = v.object({
  version: v.nullable(v.number()),
  kind: WorkflowKind,
  definition: JsonObject,
  source: v.string(),
});
export type RunDefinition = v.InferOutput<typeof RunDefinition>;

export const getRunDefinitionContract = defineContract({
  method: "GET",
  path: "/api/v1/runs/{id}/definition",
  summary: "Read the definition that a run was started with, as it was written.",
  access: "runs:read",
  about: "run",
  params: IdParams,
  responses: { 200: { description: "The definition.", body: RunDefinition } },
});

export const listStepsContract = defineContract({
  method: "GET",
  path: "/api/v1/runs/{id}/steps",
  summary: "List what a run has done, oldest first.",
  access: "runs:read",
  about: "run",
  params: IdParams,
  query: v.object(PageQuery),
  responses: { 200: { description: "A page of the run's log.", body: pageOf(StepLog) } },
});

/** Which lines of the logs of the runs below it a stream tells: from their beginning, or new ones alone. */
const CHILDREN_TOLD = ["all", "new"] as const;
export type ChildrenTold = (typeof CHILDREN_TOLD)[number];

export const runEventsContract = defineContract({
  method: "GET",
  path: "/api/v1/runs/{id}/events",
  summary:
    "Follow a run as server-sent events: run, account, step, started, delta, tool, aside, end; with ?children= also child and childStep. Resumes by Last-Event-ID or ?after=.",
  access: "runs:read",
  about: "run",
  limit: "streams",
  params: IdParams,
  query: v.object({
    after: v.optional(v.pipe(v.string(), v.maxLength(100))),
    /** Also tells of the runs below it: all lines of their logs, or only those that are new from now on. */
    children: v.optional(v.picklist(CHILDREN_TOLD)),
  }),
  responses: { 200: { description: "A text/event-stream." } },
});

const changed = { 200: { description: "The run after the change.", body: Run } } as const;

export const cancelRunContract = defineContract({
  method: "POST",
  path: "/api/v1/runs/{id}/cancel",
  summary: "End a run at once.",
  access: "runs:cancel",
  about: "run",
  params: IdParams,
  audit: "run.cancelled",
  responses: changed,
});

export const pauseRunContract = defineContract({
  method: "POST",
  path: "/api/v1/runs/{id}/pause",
  summary: "Hold a run, and all that it has started, until it is resumed. A step at work finishes first.",
  access: "runs:cancel",
  about: "run",
  params: IdParams,
  audit: "run.paused",
  responses: changed,
});

export const resumeRunContract = defineContract({
  method: "POST",
  path: "/api/v1/runs/{id}/resume",
  summary: "Resume a paused run.",
  access: "runs:cancel",
  about: "run",
  params: IdParams,
  audit: "run.resumed",
  responses: changed,
});

/** A write to the outside. `unknown` ones wait for somebody to say what became of them, by the approval of their run. */
export const SideEffect = v.object({
  id: Id,
  step: v.string(),
  kind: v.picklist(SIDE_EFFECT_KINDS),
  target: v.string(),
  idempotencyKey: v.string(),
  state: v.picklist(SIDE_EFFECT_STATES),
  attempts: v.number(),
  request: v.unknown(),
  error: v.unknown(),
  decidedBy: v.unknown(),
  createdAt: Timestamp,
  settledAt: v.nullable(Timestamp),
});
export type SideEffect = v.InferOutput<typeof SideEffect>;

export const listSideEffectsContract = defineContract({
  method: "GET",
  path: "/api/v1/runs/{id}/side-effects",
  summary: "List what a run has written to the outside, and what became of it.",
  access: "runs:read",
  about: "run",
  params: IdParams,
  query: v.object(PageQuery),
  responses: { 200: { description: "A page of side effects, newest first.", body: pageOf(SideEffect) } },
});

const forked = { 202: { description: "The new run is on its way.", body: StartedRun } } as const;

export const retryRunContract = defineContract({
  method: "POST",
  path: "/api/v1/runs/{id}/retry",
  summary:
    "Go on with a run that failed, timed out or was cancelled: a new run, from the last checkpoint. What was done is not paid for again.",
  access: "runs:start",
  about: "run",
  limit: "runs",
  idempotent: true,
  params: IdParams,
  audit: "run.retried",
  responses: forked,
});

export const ForkRun = v.strictObject({
  /** Goes on from where this step began. */
  step: v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(200)),
  /** Which time, from 1, if it ran several times; the last unless given. */
  occurrence: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))),
  /** Values that keys of the state have instead. */
  state: v.optional(JsonObject),
  /** An edited definition, as an object or as YAML or JSON text. */
  definition: v.optional(DefinitionInput),
  /** Results of the origin are taken over where the same is asked. */
  reuse: v.optional(v.boolean(), true),
});
export type ForkRun = v.InferInput<typeof ForkRun>;

export const forkRunContract = defineContract({
  method: "POST",
  path: "/api/v1/runs/{id}/fork",
  summary: "Go on from where a step began, with an edited state or definition: a new run.",
  access: "runs:start",
  limit: "runs",
  idempotent: true,
  params: IdParams,
  body: ForkRun,
  audit: "run.forked",
  responses: forked,
});

export const ReplayRun = v.strictObject({
  /** Another input; the same unless given. */
  input: v.optional(JsonObject),
  version: v.optional(v.picklist(["same", "published"]), "same"),
  /** True if results of the origin are taken over where the same is asked. */
  reuse: v.optional(v.boolean(), false),
});

export const replayRunContract = defineContract({
  method: "POST",
  path: "/api/v1/runs/{id}/replay",
  summary: "Do a whole run anew: a new run with the same input, or another.",
  access: "runs:start",
  limit: "runs",
  idempotent: true,
  params: IdParams,
  body: v.optional(ReplayRun, {}),
  audit: "run.replayed",
  responses: forked,
});

/** The state of a run before a superstep, with its public state. */
export const Checkpoint = v.object({
  id: v.string(),
  superstep: v.number(),
  steps: v.array(v.string()),
  state: JsonObject,
  createdAt: Timestamp,
});
export type Checkpoint = v.InferOutput<typeof Checkpoint>;

export const listCheckpointsContract = defineContract({
  method: "GET",
  path: "/api/v1/runs/{id}/checkpoints",
  summary: "List the checkpoints of a run with the state at each, newest first.",
  access: "runs:read",
  about: "run",
  params: IdParams,
  query: v.object(PageQuery),
  responses: { 200: { description: "A page of checkpoints.", body: pageOf(Checkpoint) } },
});
