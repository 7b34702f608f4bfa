import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id } from "#/lib/http/wire.ts";

export const SendEvent = v.strictObject({
  /** The name by which waiting runs know it. */
  key: v.pipe(v.string(), v.trim(), v.minLength(1, "must not be empty"), v.maxLength(200)),
  payload: v.optional(v.unknown()),
});

export const sendEventContract = defineContract({
  method: "POST",
  path: "/api/v1/events",
  summary:
    "Tell every run that waits for this key. If none does, the event is kept for a day for the first that will.",
  access: "runs:start",
  idempotent: true,
  limit: "runs",
  body: SendEvent,
  recordedIn: "the source of the event",
  responses: { 202: { description: "The event is stored.", body: v.object({ id: Id }) } },
});
