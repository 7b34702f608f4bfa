import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, JsonObject } from "#/lib/http/wire.ts";
import { StartedRun } from "#/operations/runs/contract.ts";
import { Revision } from "#/operations/workflows/contract.ts";

const StepName = v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(200));

export const StartTry = v.strictObject({
  input: v.optional(JsonObject, {}),
  /** Continues from where a step of a run of this workflow began, with that run's input and what had happened by then. */
  from: v.optional(v.strictObject({ run: Id, step: StepName })),
  /** Runs one step alone, on these values of the state. Keys that are left out are as they are at the beginning of a run. */
  only: v.optional(v.strictObject({ step: StepName, state: v.optional(JsonObject, {}) })),
  /** Outputs by the names of steps: these steps are not run, and give what is kept here. */
  pinned: v.optional(JsonObject, {}),
  /** The draft's revision that is meant: with another one nothing is started. */
  revision: v.optional(Revision),
  /** Consent to what the run is likely to cost, where the workspace asks for it. */
  consent: v.optional(v.boolean(), false),
});
export type StartTry = v.InferInput<typeof StartTry>;

export const startTryContract = defineContract({
  method: "POST",
  path: "/api/v1/workflows/{id}/tries",
  summary:
    "Try the draft: start a run of it as it is saved, without publishing it; with `from` from a step of an earlier run, with `only` one step alone, with `pinned` without running the steps whose outputs it gives. A draft with problems is refused with every one of them.",
  access: "runs:start",
  alsoNeeds: "workflows:write",
  limit: "runs",
  idempotent: true,
  params: IdParams,
  body: v.optional(StartTry, {}),
  audit: "workflow.tried",
  responses: { 202: { description: "The run is on its way.", body: StartedRun } },
});
