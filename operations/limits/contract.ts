import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { IdParams } from "#/lib/http/wire.ts";

const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
/** At a month's limit runs ask whether it is to be raised, all of them one question, or fail. */
const OnLimit = v.picklist(["ask", "fail"]);
const MonthlyLimits = v.strictObject({
  maxTokens: v.optional(count(1_000_000_000_000)),
  maxCostUsd: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000_000))),
  onLimit: v.optional(OnLimit),
});

/** The most that may happen at a time and in a month. Absent means the default, or no limit. */
const Limits = v.object({
  concurrency: v.optional(v.number()),
  startsPerMinute: v.optional(v.number()),
  askAboveUsd: v.optional(v.number()),
  monthly: v.optional(
    v.object({
      maxTokens: v.optional(v.number()),
      maxCostUsd: v.optional(v.number()),
      onLimit: v.optional(OnLimit),
    }),
  ),
});

/** `month` is what was used since the first of the month, calls under way included. */
export const LimitsAndUsage = v.object({
  limits: Limits,
  month: v.object({ tokens: v.number(), costUsd: v.number() }),
});
export type LimitsAndUsage = v.InferOutput<typeof LimitsAndUsage>;

/** Null takes a limit away. */
export const ChangeLimits = v.strictObject({
  concurrency: v.optional(v.nullable(count(1000))),
  startsPerMinute: v.optional(v.nullable(count(100_000))),
  monthly: v.optional(v.nullable(MonthlyLimits)),
});
export type ChangeLimits = v.InferInput<typeof ChangeLimits>;

export const ChangeWorkspaceLimits = v.strictObject({
  ...ChangeLimits.entries,
  /** Starts that are likely to cost more, by the runs before them, are refused without `consent`. */
  askAboveUsd: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000)))),
});
export type ChangeWorkspaceLimits = v.InferInput<typeof ChangeWorkspaceLimits>;

const responses = {
  200: { description: "The limits, and what was used this month.", body: LimitsAndUsage },
} as const;

export const getLimitsContract = defineContract({
  method: "GET",
  path: "/api/v1/limits",
  summary: "Read the limits of the workspace and what it has used this month.",
  access: "runs:read",
  responses,
});

export const changeLimitsContract = defineContract({
  method: "PATCH",
  path: "/api/v1/limits",
  summary: "Change the limits of the workspace.",
  access: "settings:write",
  body: ChangeWorkspaceLimits,
  audit: "limits.changed",
  responses,
});

export const getWorkflowLimitsContract = defineContract({
  method: "GET",
  path: "/api/v1/workflows/{id}/limits",
  summary: "Read the limits of a workflow and what its runs have used this month.",
  access: "runs:read",
  params: IdParams,
  responses,
});

export const changeWorkflowLimitsContract = defineContract({
  method: "PATCH",
  path: "/api/v1/workflows/{id}/limits",
  summary: "Change the limits of a workflow.",
  access: "settings:write",
  params: IdParams,
  body: ChangeLimits,
  audit: "workflow.limited",
  responses,
});
