import { RunFollower, type RunSources } from "#/operations/runs/live/follower.ts";
import type { StreamPosition } from "#/operations/runs/live/stream-position.ts";
import type { EventSink } from "#/lib/http/event-stream.ts";
import { log } from "#/lib/observe/log.ts";

export interface FollowOptions {
  readonly sources: RunSources;
  readonly place: StreamPosition;
  /** Calls back when there may be something new; may forget to. @returns the way to stop */
  readonly subscribe: (onWake: () => void) => () => void;
}

/** A wake-up can be lost, and what people do to a run sends none. A run that waits for days is looked at less often. */
const SHORTEST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 5_000;

type Look = "catchUp" | "readLive" | "readAll";

/** Keeps a client up to date until its stream ends: woken by the live output, and by looking every few seconds in any case. */
export function followRun({ sources, place, subscribe }: FollowOptions, sink: EventSink): void {
  const follower = new RunFollower(sources, sink, place);
  let wanted: Look | undefined = "catchUp";
  let looking = false;

  const look = async () => {
    if (looking) return;
    looking = true;
    while (wanted && !sink.ended.aborted) {
      const next: Look = wanted;
      wanted = undefined;
      try {
        await follower[next]();
      } catch (error) {
        log.warn({ err: error }, "a run could not be followed for a moment");
        // Nothing else comes before catching up.
        wanted = next === "catchUp" ? next : undefined;
        break;
      }
    }
    looking = false;
  };
  const want = (next: Look) => {
    // Catching up and reading all include reading what is live.
    if (wanted === undefined || wanted === "readLive") wanted = next;
    void look();
  };

  const stop = subscribe(() => want("readLive"));
  const stopPolling = poll(
    () => want("readAll"),
    () => follower.told,
  );
  sink.ended.addEventListener("abort", () => {
    stopPolling();
    stop();
  });
  void look();
}

/** Looks again and again; less and less often while nothing happens. */
function poll(act: () => void, progress: () => number): () => void {
  let timer: NodeJS.Timeout;
  const next = (pauseMs: number) => {
    const before = progress();
    timer = setTimeout(() => {
      act();
      next(progress() > before ? SHORTEST_POLL_MS : Math.min(pauseMs * 1.5, LONGEST_POLL_MS));
    }, pauseMs);
  };
  next(SHORTEST_POLL_MS);
  return () => clearTimeout(timer);
}
