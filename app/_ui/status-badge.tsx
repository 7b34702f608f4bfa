import type { ApprovalStatus } from "#/agents/vocabulary/approval.ts";
import type { DocumentStatus } from "#/agents/vocabulary/document.ts";
import type { LogStatus } from "#/agents/vocabulary/log-line.ts";
import type { WaitKind } from "#/agents/vocabulary/wait.ts";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { type Glyph, StateGlyph } from "#/app/_ui/state-glyph.tsx";
import type { Tone } from "#/app/_ui/tone.ts";

interface StatusLook {
  readonly label: string;
  readonly tone: Tone;
  readonly glyph: Glyph;
}

const RUN_LOOK: Readonly<Record<RunStatus, StatusLook>> = {
  queued: { label: "Queued", tone: "idle", glyph: "queued" },
  running: { label: "Running", tone: "info", glyph: "running" },
  retrying: { label: "Retrying", tone: "info", glyph: "running" },
  waiting: { label: "Waiting", tone: "warn", glyph: "waiting" },
  paused: { label: "Paused", tone: "warn", glyph: "waiting" },
  succeeded: { label: "Succeeded", tone: "ok", glyph: "done" },
  failed: { label: "Failed", tone: "bad", glyph: "failed" },
  timed_out: { label: "Timed out", tone: "bad", glyph: "failed" },
  cancelled: { label: "Cancelled", tone: "idle", glyph: "stopped" },
};

/** The look of every status of runs, steps, approvals and documents: a word without one is a type error. */
const STATUS_LOOK: Readonly<
  Record<LogStatus | ApprovalStatus | DocumentStatus | RunStatus, StatusLook> & Record<string, StatusLook>
> = {
  ...RUN_LOOK,
  rejected: { label: "Rejected", tone: "idle", glyph: "refused" },
  pending: { label: "Pending", tone: "idle", glyph: "queued" },
  skipped: { label: "Skipped", tone: "idle", glyph: "skipped" },
  unreached: { label: "Not reached", tone: "idle", glyph: "skipped" },
  open: { label: "Open", tone: "warn", glyph: "waiting" },
  decided: { label: "Decided", tone: "ok", glyph: "done" },
  expired: { label: "Expired", tone: "idle", glyph: "stopped" },
  reading: { label: "Reading", tone: "info", glyph: "running" },
  embedding: { label: "Embedding", tone: "info", glyph: "running" },
  ready: { label: "Ready", tone: "ok", glyph: "done" },
};

/** A run that waits needs a person only where it has asked one. */
const WAITING_FOR: Readonly<Record<WaitKind, StatusLook>> = {
  approval: { label: "Waiting for approval", tone: "warn", glyph: "waiting" },
  timer: { label: "Waiting for a timer", tone: "idle", glyph: "resting" },
  event: { label: "Waiting for an event", tone: "idle", glyph: "resting" },
  child: { label: "Waiting for a child run", tone: "idle", glyph: "resting" },
};

/** The look of a status; one that nobody knows is shown as it is. */
export function lookOf(status: string): StatusLook {
  return STATUS_LOOK[status] ?? { label: status, tone: "idle", glyph: "queued" };
}

interface StatusBadgeProps {
  readonly status: string;
  readonly waitingOn?: WaitKind | null;
}

const STATE_LOOK: Readonly<Record<Tone, string>> = {
  ok: "text-ink-3",
  idle: "text-ink-3",
  info: "font-medium text-run-text",
  warn: "-ml-1 rounded-md bg-wait-soft pr-2 pl-1 font-medium text-wait-text inset-ring inset-ring-wait-line",
  bad: "-ml-1 rounded-md bg-fail-soft pr-2 pl-1 font-medium text-fail-text inset-ring inset-ring-fail-line",
};

/** A state as glyph and word. Only what waits for a person and what failed is filled. */
export function StatusBadge({ status, waitingOn }: StatusBadgeProps) {
  const { label, tone, glyph } =
    (status === "waiting" && waitingOn && WAITING_FOR[waitingOn]) || lookOf(status);
  return (
    <span className={cn("inline-flex h-5 items-center gap-1.5 text-xs whitespace-nowrap", STATE_LOOK[tone])}>
      <StateGlyph glyph={glyph} />
      {label}
    </span>
  );
}

interface RunBadgeProps {
  readonly run: {
    readonly status: RunStatus;
    readonly waitingOn: WaitKind | null;
    readonly rejected: boolean;
  };
}

/** Shows how a run stands. What ended because a person said no has neither succeeded nor just been cancelled. */
export function RunBadge({ run: { status, waitingOn, rejected } }: RunBadgeProps) {
  return <StatusBadge status={rejected ? "rejected" : status} waitingOn={waitingOn} />;
}
