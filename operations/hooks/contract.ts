import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id } from "#/lib/http/wire.ts";

export const HookAnswer = v.object({ runId: Id, url: v.pipe(v.string(), v.url()) });

export const hookContract = defineContract({
  method: "POST",
  path: "/api/hooks/{token}",
  summary:
    "Start a workflow by a signed webhook (Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature). The body is the input.",
  access: "webhook-signature",
  limit: "hooks",
  params: v.object({ token: v.pipe(v.string(), v.maxLength(200)) }),
  body: v.unknown(),
  recordedIn: "the deliveries of the webhook",
  responses: {
    202: { description: "The run is on its way.", body: HookAnswer },
    200: { description: "This message was received before; this is its run.", body: HookAnswer },
  },
});
