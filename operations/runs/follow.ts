import { getRun, readProgress } from "#/db/runs.ts";
import { findChangesBelow, readBelow } from "#/db/runs-below.ts";
import { liveOutput } from "#/lib/cloud/live-output.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { EventSink } from "#/lib/http/event-stream.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import { log } from "#/lib/observe/log.ts";
import { watchAccess } from "#/operations/access/watch.ts";
import type { Caller } from "#/operations/caller.ts";
import { runEventsContract } from "#/operations/runs/contract.ts";
import { followRun } from "#/operations/runs/live/follow.ts";
import type { RunSources } from "#/operations/runs/live/follower.ts";
import { parsePosition } from "#/operations/runs/live/stream-position.ts";

/**
 * Follows a run from a place, the id of the last event that was received, or from the beginning: the returned function tells a sink every line
 * of the log and what is live, each once and in order, until the run or the sink has ended, or the caller may not read it any more. With `children`
 * it tells of the runs below it too: whoever may read a run may read those. Refuses with `not-found`.
 */
export async function runEvents(
  caller: Caller,
  { id, after, children }: Input<typeof runEventsContract>,
): Promise<((sink: EventSink) => void) | Refusal> {
  const { tenant } = caller;
  if (!(await getRun(tenant, id))) return notFound("run");
  const subscribe = (onWake: () => void) => liveOutput().subscribe(id, onWake);
  const sources: RunSources = {
    readProgress: (seq, limit) => readProgress(tenant, id, { seq, limit }),
    readLive: openLive(id),
    children: children && {
      told: children,
      findChanges: (since, most) => findChangesBelow(tenant, id, { since, most }),
      read: (lines) => readBelow(tenant, lines),
    },
  };
  return (sink) => {
    followRun({ sources, place: parsePosition(after), subscribe }, sink);
    watchAccess(caller, runEventsContract.access, sink);
  };
}

/** The time for which a store that could not be read is not asked again. */
const LEFT_ALONE_MS = 5_000;

function openLive(runId: string): RunSources["readLive"] {
  let awayUntil = 0;
  return async (afterId, count) => {
    if (Date.now() < awayUntil) return [];
    try {
      return await liveOutput().read(runId, afterId, count);
    } catch (error) {
      // The durable log has everything that matters, and must not wait for a store that hangs.
      awayUntil = Date.now() + LEFT_ALONE_MS;
      log.debug({ runId, err: error }, "the live output cannot be read");
      return [];
    }
  };
}
