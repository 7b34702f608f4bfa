import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, JsonObject, Problem, VersionNumber } from "#/lib/http/wire.ts";
import { Priority, StartedRun } from "#/operations/runs/contract.ts";

const MOST_STARTS = 100;

export const StartRuns = v.strictObject({
  inputs: v.pipe(v.array(JsonObject), v.minLength(1), v.maxLength(MOST_STARTS)),
  /** The published version unless given. */
  version: v.optional(VersionNumber),
  priority: v.optional(Priority, "normal"),
  /** Consent to what the runs together are likely to cost, where the workspace asks for it. */
  consent: v.optional(v.boolean(), false),
});
export type StartRuns = v.InferInput<typeof StartRuns>;

/** The outcome of one input of a batch: the run that was started, or why there is none. */
const BatchStart = v.object({
  run: v.nullable(StartedRun),
  problem: v.nullable(v.object({ code: v.string(), detail: v.string(), errors: v.array(Problem) })),
});
export type BatchStart = v.InferOutput<typeof BatchStart>;

/** A batch is known by `batch`: GET /api/v1/runs?batch= lists its runs. */
export const StartedBatch = v.object({ batch: Id, items: v.array(BatchStart) });
export type StartedBatch = v.InferOutput<typeof StartedBatch>;

export const startRunsContract = defineContract({
  method: "POST",
  path: "/api/v1/workflows/{id}/runs/batch",
  summary: `Start a run for each input, up to ${MOST_STARTS}. An input that does not fit says so at its place and holds up no other.`,
  access: "runs:start",
  about: "workflow",
  limit: "runs",
  idempotent: true,
  params: IdParams,
  body: StartRuns,
  recordedIn: "the trigger of each run",
  responses: {
    202: {
      description: "What became of each input, in their order.",
      body: StartedBatch,
    },
  },
});
