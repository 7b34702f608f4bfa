import type { StepLog } from "#/operations/runs/contract.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import type { TimelineTask } from "../timeline.ts";
import type { Bar, BarLook } from "./span.ts";

interface Clock {
  /** Now, or the end of a run that has ended. */
  readonly until: number;
  readonly ended: boolean;
}

/** The stretches of one task in order: work, waits and failed tries apart. None reaches before the one before it, or beyond `until` by itself. */
export function drawTask({ tries, live }: TimelineTask, clock: Clock): readonly Bar[] {
  const bars: Bar[] = [];
  for (const [index, line] of tries.entries()) {
    const { from, to } = readStretch(line, bars.at(-1)?.to);
    if (line.status !== "waiting") bars.push({ look: workLook(line, index < tries.length - 1), from, to });
    const look = waitLook(line);
    if (!look) continue;
    const begun = line.status === "waiting" ? from : to;
    const resumed = readResumption(tries[index + 1], live) ?? clock.until;
    bars.push({ look, from: begun, to: Math.max(begun, resumed) });
  }
  return live && !clock.ended ? [...bars, drawLive(live, bars.at(-1)?.to, clock)] : bars;
}

/** Reads the moment at which a task that waited continued; undefined while it has not. */
const readResumption = (next: StepLog | undefined, live: TimelineTask["live"]): number | undefined =>
  next ? readStretch(next).from : readStart(live?.startedAt);

function drawLive(
  { startedAt }: NonNullable<TimelineTask["live"]>,
  earliest: number | undefined,
  { until }: Clock,
): Bar {
  const from = Math.max(readStart(startedAt) ?? until, earliest ?? 0);
  return { look: "live", from, to: Math.max(from, until) };
}

const readStart = (at: string | null | undefined) =>
  at === null || at === undefined ? undefined : Date.parse(at);

/** The time of one line. Clocks of two machines may differ: it does not begin before `earliest`. */
function readStretch({ startedAt, at, durationMs }: StepLog, earliest = Number.NEGATIVE_INFINITY) {
  const tookMs = Math.max(0, durationMs ?? 0);
  const begun = readStart(startedAt) ?? Date.parse(at) - tookMs;
  const from = Math.max(begun, earliest);
  return { from, to: Math.max(from, begun + tookMs) };
}

function workLook({ kind, status }: StepLog, hasNext: boolean): BarLook {
  if (status === "retrying" || (status === "failed" && hasNext)) return "tried";
  if (status === "failed") return "failed";
  if (status === "cancelled") return "stopped";
  return kind === "model" ? "model" : "work";
}

/** Returns the look of the time after a line; undefined where the line was the end of its task. */
function waitLook({ kind, status, input }: StepLog): BarLook | undefined {
  if (status === "retrying") return "time";
  if (status !== "waiting") return undefined;
  if (kind === "approval" || (isJsonObject(input) && "actions" in input)) return "person";
  return isJsonObject(input) && "runs" in input ? "runs" : "time";
}
