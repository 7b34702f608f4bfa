import * as v from "valibot";
import { tick } from "#/operations/execution/tick.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { queueRoute } from "#/lib/http/queue-route.ts";

export const maxDuration = 60;

/** Fires due schedules and wakes runs that are owed a wake-up. What the message says does not matter. */
export const POST = queueRoute({
  path: "/api/queue/tick",
  body: v.unknown(),
  handle: async () => {
    await tick();
    return { status: 200 };
  },
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
