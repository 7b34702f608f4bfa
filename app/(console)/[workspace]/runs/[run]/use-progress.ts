"use client";
import { useEffect, useReducer, useState } from "react";
import type { Run, StepLog } from "#/app/api/v1/runs/contract.ts";
import { applyEvent, type Progress, type ProgressEvent, startProgress } from "./progress.ts";

const EVENT_NAMES = ["run", "step", "started", "delta", "end"] as const;
/** The browser itself resumes a stream that breaks; one that was refused is tried again after this. */
const REOPEN_MS = 3_000;

interface Followed extends Progress {
  /** The stream is open, or the run has ended. */
  readonly connected: boolean;
  readonly onChanged: (run: Run) => void;
}

/** Follows a run from what the server rendered to its end. */
export function useProgress(run: Run, steps: readonly StepLog[]): Followed {
  const [progress, dispatch] = useReducer(applyEvent, undefined, () => startProgress(run, steps));
  const [connected, setConnected] = useState(true);
  const { ended } = progress;
  useEffect(() => (ended ? undefined : follow(run.id, dispatch, setConnected)), [run.id, ended]);
  return { ...progress, connected: connected || ended, onChanged: (changed) => dispatch({ type: "run", data: changed }) };
}

/** @returns the function that stops it */
function follow(runId: string, onEvent: (event: ProgressEvent) => void, onConnection: (connected: boolean) => void): () => void {
  let source: EventSource;
  let reopening: ReturnType<typeof setTimeout>;
  const open = (after: string) => {
    let last = after;
    source = new EventSource(`/api/v1/runs/${runId}/events${after === "" ? "" : `?after=${encodeURIComponent(after)}`}`);
    source.addEventListener("open", () => onConnection(true));
    source.addEventListener("error", () => {
      onConnection(false);
      if (source.readyState === EventSource.CLOSED) reopening = setTimeout(() => open(last), REOPEN_MS);
    });
    for (const type of EVENT_NAMES) {
      source.addEventListener(type, ({ data, lastEventId }: MessageEvent<string>) => {
        last = lastEventId;
        onEvent({ type, data: JSON.parse(data) });
      });
    }
  };
  open("");
  return () => {
    clearTimeout(reopening);
    source.close();
  };
}
