import { apiRoute } from "#/app/api/doors.ts";
import { eventStream } from "#/lib/http/event-stream.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { runEventsContract } from "#/operations/runs/contract.ts";
import { runEvents } from "#/operations/runs/follow.ts";

export const maxDuration = 300;

export const GET = apiRoute(runEventsContract, async ({ caller, params, query, request }) => {
  const after = request.headers.get("last-event-id") ?? query.after;
  const follow = await runEvents(caller, { ...params, ...query, after });
  return "refused" in follow ? follow : eventStream(request, follow);
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
