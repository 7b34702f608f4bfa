import {
  Ban,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleSlash,
  CircleX,
  Clock,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  RotateCw,
  UserRoundCheck,
  UserRoundX,
} from "lucide-react";
import type { ApprovalStatus } from "#/agents/vocabulary/approval.ts";
import type { DocumentStatus } from "#/agents/vocabulary/document.ts";
import type { LogStatus } from "#/agents/vocabulary/log-line.ts";
import type { WaitKind } from "#/agents/vocabulary/wait.ts";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import type { Tone } from "#/app/_ui/tone.ts";

interface StatusLook {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly turning?: boolean;
}

const RUN_LOOK: Readonly<Record<RunStatus, StatusLook>> = {
  queued: { label: "Queued", tone: "idle", icon: CircleDashed },
  running: { label: "Running", tone: "info", icon: LoaderCircle, turning: true },
  retrying: { label: "Retrying", tone: "info", icon: RotateCw },
  waiting: { label: "Waiting", tone: "warn", icon: Hourglass },
  paused: { label: "Paused", tone: "warn", icon: CirclePause },
  succeeded: { label: "Succeeded", tone: "ok", icon: CircleCheck },
  failed: { label: "Failed", tone: "bad", icon: CircleX },
  timed_out: { label: "Timed out", tone: "bad", icon: Clock },
  cancelled: { label: "Cancelled", tone: "idle", icon: Ban },
};

/** The look of every status of runs, steps, approvals and documents: a word without one is a type error. */
const STATUS_LOOK: Readonly<
  Record<LogStatus | ApprovalStatus | DocumentStatus | RunStatus, StatusLook> & Record<string, StatusLook>
> = {
  ...RUN_LOOK,
  rejected: { label: "Rejected", tone: "warn", icon: UserRoundX },
  pending: { label: "Pending", tone: "idle", icon: CircleDashed },
  skipped: { label: "Skipped", tone: "idle", icon: CircleSlash },
  unreached: { label: "Not reached", tone: "idle", icon: CircleSlash },
  open: { label: "Open", tone: "warn", icon: Hourglass },
  decided: { label: "Decided", tone: "ok", icon: UserRoundCheck },
  expired: { label: "Expired", tone: "idle", icon: Clock },
  reading: { label: "Reading", tone: "info", icon: LoaderCircle, turning: true },
  embedding: { label: "Embedding", tone: "info", icon: LoaderCircle, turning: true },
  ready: { label: "Ready", tone: "ok", icon: CircleCheck },
};

const WAITING_FOR: Readonly<Record<WaitKind, string>> = {
  approval: "Waiting for approval",
  timer: "Waiting for a timer",
  event: "Waiting for an event",
  child: "Waiting for a child run",
};

/** The look of a status; one that nobody knows is shown as it is. */
export function lookOf(status: string): StatusLook {
  return STATUS_LOOK[status] ?? { label: status, tone: "idle", icon: CircleDashed };
}

interface StatusBadgeProps {
  readonly status: string;
  readonly waitingOn?: WaitKind | null;
}

export function StatusBadge({ status, waitingOn }: StatusBadgeProps) {
  const { label, tone, icon, turning = false } = lookOf(status);
  return (
    <Badge tone={tone} icon={icon} turning={turning}>
      {(status === "waiting" && waitingOn && WAITING_FOR[waitingOn]) || label}
    </Badge>
  );
}

interface RunBadgeProps {
  readonly run: {
    readonly status: RunStatus;
    readonly waitingOn: WaitKind | null;
    readonly rejected: boolean;
  };
}

/** How a run stands. What ended because a person said no has neither succeeded nor just been cancelled. */
export function RunBadge({ run: { status, waitingOn, rejected } }: RunBadgeProps) {
  return <StatusBadge status={rejected ? "rejected" : status} waitingOn={waitingOn} />;
}
