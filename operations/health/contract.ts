import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";

const Check = v.object({ ok: v.boolean(), durationMs: v.number() });
export const Health = v.object({
  ok: v.boolean(),
  /** Null where the deployment has no name for its region. */
  region: v.nullable(v.string()),
  checks: v.object({ database: Check, kv: Check }),
});
export type Health = v.InferOutput<typeof Health>;

export const healthContract = defineContract({
  method: "GET",
  path: "/api/health",
  summary: "Whether this deployment can work.",
  access: "public",
  responses: {
    200: { description: "It can.", body: Health },
    503: { description: "It cannot.", body: Health },
  },
});
