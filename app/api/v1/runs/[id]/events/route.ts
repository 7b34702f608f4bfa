import { apiRoute } from "#/app/api/doors.ts";
import { runEventsContract } from "#/operations/runs/contract.ts";
import { followRun } from "#/app/api/v1/runs/follow.ts";
import type { RunSources } from "#/app/api/v1/runs/follower.ts";
import { parsePlace } from "#/app/api/v1/runs/place.ts";
import type { Tenant } from "#/db/client.ts";
import { getRun, readProgress } from "#/db/runs.ts";
import { liveOutput } from "#/lib/cloud/live-output.ts";
import { eventStream } from "#/lib/http/event-stream.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { log } from "#/lib/observe/log.ts";

export const maxDuration = 300;

export const GET = apiRoute(runEventsContract, async ({ tenant, params, query, request }) => {
  if (!(await getRun(tenant, params.id))) return notFound("run");
  const place = parsePlace(request.headers.get("last-event-id") ?? query.after);
  const subscribe = (onWake: () => void) => liveOutput().subscribe(params.id, onWake);
  return eventStream(request, (sink) =>
    followRun({ sources: sourcesOf(tenant, params.id), place, subscribe }, sink),
  );
});

/** How long a store that could not be read is not asked again. */
const LEFT_ALONE_MS = 5_000;

function sourcesOf(tenant: Tenant, runId: string): RunSources {
  let awayUntil = 0;
  return {
    readProgress: (seq, limit) => readProgress(tenant, runId, { seq, limit }),
    readLive: async (afterId, count) => {
      if (Date.now() < awayUntil) return [];
      try {
        return await liveOutput().read(runId, afterId, count);
      } catch (error) {
        // The durable log has everything that matters, and must not wait for a store that hangs.
        awayUntil = Date.now() + LEFT_ALONE_MS;
        log.debug({ runId, err: error }, "the live output cannot be read");
        return [];
      }
    },
  };
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
