import { RunFollower, type RunSources } from "#/app/api/v1/runs/follower.ts";
import type { RunPlace } from "#/app/api/v1/runs/place.ts";
import type { EventSink } from "#/lib/http/event-stream.ts";
import { log } from "#/lib/observe/log.ts";

export interface FollowOptions {
  readonly sources: RunSources;
  readonly place: RunPlace;
  /** Calls back when there may be something new; may forget to. @returns the way to stop */
  readonly subscribe: (onWake: () => void) => () => void;
}

/** A wake-up can be lost. */
const POLL_MS = 1_000;

type Look = "catchUp" | "readLive" | "readAll";

/** Keeps a client up to date until its stream ends: woken by the live output, and by looking once a second in any case. */
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
  const poll = setInterval(() => want("readAll"), POLL_MS);
  sink.ended.addEventListener("abort", () => {
    clearInterval(poll);
    stop();
  });
  void look();
}
