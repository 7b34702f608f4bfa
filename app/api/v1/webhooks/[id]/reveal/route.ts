import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { revealWebhookContract } from "#/operations/webhooks/contract.ts";
import { revealWebhook } from "#/operations/webhooks/reveal.ts";

export const POST = apiRoute(revealWebhookContract, async ({ caller, params }) =>
  ok(await revealWebhook(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
