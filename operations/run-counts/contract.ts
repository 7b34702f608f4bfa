import * as v from "valibot";
import { RUN_STATUSES } from "#/agents/vocabulary/run.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Timestamp } from "#/lib/http/wire.ts";

/** Runs that were created within 20 minutes, by how they stand now. */
export const RunCount = v.object({ at: Timestamp, status: v.picklist(RUN_STATUSES), count: v.number() });
export type RunCount = v.InferOutput<typeof RunCount>;

export const listRunCountsContract = defineContract({
  method: "GET",
  path: "/api/v1/run-counts",
  summary: "Count the runs of the last day, by the 20 minutes in which they were created and by status.",
  access: "runs:read",
  responses: {
    200: { description: "The counts, oldest first.", body: v.object({ items: v.array(RunCount) }) },
  },
});
