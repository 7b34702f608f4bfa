"use client";
import { useEffect, useReducer, useRef, useState } from "react";
import { askForRefusal } from "#/app/_ui/api.ts";
import type { Run, StepLog } from "#/operations/runs/contract.ts";
import { makeAddress } from "#/sdk/client/request.ts";
import { applyEvents, type Progress, type ProgressEvent, startProgress } from "./progress.ts";

const EVENT_NAMES = [
  "run",
  "account",
  "step",
  "started",
  "delta",
  "tool",
  "aside",
  "child",
  "childStep",
  "end",
] as const satisfies readonly ProgressEvent["type"][];
/** The browser itself resumes a stream that breaks; one that was closed for good is tried again after this. */
const REOPEN_MS = 3_000;
/** The time until a stream that the server has refused is tried again. */
const REFUSED_MS = 10_000;
/** The server ends every stream after some minutes; a client that is back at once has nothing to say about it. */
const UNNOTICED_MS = 1_500;

interface Followed extends Progress {
  /** The stream is open, or the run has ended. */
  readonly connected: boolean;
  /** The reason why the server refuses the stream, in words. */
  readonly refusal: string | undefined;
  readonly onChanged: (run: Run) => void;
}

/** Follows a run, with the runs below it, from what the server rendered to its end. */
export function useProgress(run: Run, steps: readonly StepLog[]): Followed {
  const [progress, dispatch] = useReducer(applyEvents, undefined, () => startProgress(run, steps));
  const [connected, setConnected] = useState(true);
  const [refusal, setRefusal] = useState<string>();
  const { ended } = progress;
  const seen = progress.steps.at(-1)?.seq ?? 0;
  const seenAtStart = useRef(seen);
  useEffect(() => {
    seenAtStart.current = seen;
  });
  useEffect(
    () =>
      ended
        ? undefined
        : follow(run.id, {
            onEvents: dispatch,
            onConnection: setConnected,
            onRefusal: setRefusal,
            seen: seenAtStart.current,
          }),
    [run.id, ended],
  );
  return {
    ...progress,
    connected: connected || ended,
    refusal: ended ? undefined : refusal,
    onChanged: (changed) => dispatch([{ type: "run", data: changed }]),
  };
}

interface FollowOptions {
  /** Told of what came since the last time, once a frame at most: a log of thousands comes faster than it can be drawn. */
  readonly onEvents: (events: readonly ProgressEvent[]) => void;
  readonly onConnection: (connected: boolean) => void;
  /** Told why the server refuses the stream, and of undefined when it is open. */
  readonly onRefusal: (refusal: string | undefined) => void;
  /** The last line of the log that the page has already. */
  readonly seen: number;
}

/** @returns the function that stops it */
function follow(runId: string, { onEvents, onConnection, onRefusal, seen }: FollowOptions): () => void {
  const gathered = gather(onEvents);
  let source: EventSource;
  let isOver = false;
  let reopening: ReturnType<typeof setTimeout>;
  let showing: ReturnType<typeof setTimeout>;
  const addressAfter = (after: string) =>
    makeAddress("GET /api/v1/runs/{id}/events", { path: { id: runId }, query: { after, children: "new" } });
  const open = (after: string) => {
    let last = after;
    source = new EventSource(addressAfter(after));
    source.addEventListener("open", () => {
      clearTimeout(showing);
      onConnection(true);
      onRefusal(undefined);
    });
    source.addEventListener("error", () => {
      clearTimeout(showing);
      showing = setTimeout(() => onConnection(false), UNNOTICED_MS);
      if (source.readyState === EventSource.CLOSED) void tellRefusal(last);
    });
    for (const type of EVENT_NAMES) {
      source.addEventListener(type, ({ data, lastEventId }: MessageEvent<string>) => {
        last = lastEventId;
        gathered.add({ type, data: JSON.parse(data) });
      });
    }
  };
  const tellRefusal = async (last: string) => {
    const refusal = await askForRefusal(addressAfter(last));
    if (isOver) return;
    onRefusal(refusal);
    reopening = setTimeout(() => open(last), refusal === undefined ? REOPEN_MS : REFUSED_MS);
  };
  open(`${seen}~0`);
  return () => {
    isOver = true;
    clearTimeout(reopening);
    clearTimeout(showing);
    gathered.stop();
    source.close();
  };
}

/** Hidden pages draw no frames; what comes for them is told after this. */
const HIDDEN_MS = 250;

function gather(onEvents: FollowOptions["onEvents"]) {
  let waiting: ProgressEvent[] = [];
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
  };
  const tell = () => {
    stop();
    const events = waiting;
    waiting = [];
    onEvents(events);
  };
  return {
    add: (event: ProgressEvent) => {
      waiting.push(event);
      if (timer !== undefined) return;
      frame = requestAnimationFrame(tell);
      timer = setTimeout(tell, HIDDEN_MS);
    },
    stop,
  };
}
