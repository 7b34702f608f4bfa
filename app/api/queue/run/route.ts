import * as v from "valibot";
import { advance } from "#/operations/execution/advance.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { queueRoute } from "#/lib/http/queue-route.ts";
import { Id } from "#/lib/http/wire.ts";

export const maxDuration = 300;

/** One wake-up of one run. */
export const POST = queueRoute({
  path: "/api/queue/run",
  body: v.object({ workspaceId: Id, runId: Id }),
  handle: advance,
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
