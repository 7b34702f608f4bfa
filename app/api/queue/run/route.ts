import * as v from "valibot";
import { advance } from "#/agents/worker.ts";
import { queueRoute } from "#/lib/http/queue-route.ts";
import { Id } from "#/lib/http/wire.ts";

export const maxDuration = 300;

/** One wake-up of one run. */
export const POST = queueRoute({ path: "/api/queue/run", body: v.object({ workspaceId: Id, runId: Id }), handle: advance });
