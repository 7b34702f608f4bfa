"use client";
import { Bot, ChevronRight, Cog, type DrawnIcon, UserRoundCheck, Wrench } from "#/app/_ui/icons.tsx";
import type { StepLog } from "#/operations/runs/contract.ts";
import { formatCost, formatCount, formatDuration } from "#/app/_ui/format.ts";
import { textsOf } from "#/agents/steps/texts.ts";
import { toLabel } from "#/lib/label.ts";
import { lookOf, StatusBadge } from "#/app/_ui/status-badge.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { LiveTaskView } from "./live-task-view.tsx";
import { TaskCost } from "./task-cost.tsx";
import { TaskDetail } from "./task-detail.tsx";
import { readEnding, type TimelineTask } from "./timeline.ts";

const KIND_ICON: Readonly<Record<StepLog["kind"], DrawnIcon>> = {
  model: Bot,
  tool: Wrench,
  approval: UserRoundCheck,
  step: Cog,
  run: Cog,
};

interface TaskRowProps {
  readonly task: TimelineTask;
  /** The type of the step by the definition, if it is known. */
  readonly stepType: string | undefined;
}

/** One task: a line that opens to what it was given and what it made. Text appears as it is written. */
export function TaskRow({ task, stepType }: TaskRowProps) {
  const last = task.tries.at(-1);
  return (
    <div className="px-4">
      {last && <Committed last={last} tries={task.tries} stepType={stepType} />}
      {task.live && <LiveTaskView task={task.live} stepType={stepType} />}
    </div>
  );
}

interface CommittedProps {
  readonly last: StepLog;
  readonly tries: readonly StepLog[];
  readonly stepType: string | undefined;
}

function Committed({ last, tries, stepType }: CommittedProps) {
  const Icon = KIND_ICON[last.kind];
  return (
    <details className="group">
      <summary className="-mx-2 flex cursor-pointer list-none flex-wrap items-center gap-x-2.5 gap-y-0.5 rounded-md px-2 py-1 touch-target hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-3.5 text-muted-foreground transition-transform group-open:rotate-90"
        />
        <Icon aria-hidden className="size-3.5 text-muted-foreground" />
        {last.status === "waiting" && stepType === "wait" ? (
          <WaitName log={last} />
        ) : (
          <span className="min-w-0 flex-1 truncate">{nameTask(last, stepType)}</span>
        )}
        <span className="flex flex-wrap items-center gap-x-2.5 text-xs text-muted-foreground">
          {last.status !== "succeeded" && last.status !== "waiting" && (
            <StatusBadge status={readEnding(last)} />
          )}
          {last.attempt > 1 && <span>try {last.attempt}</span>}
          <Spent log={last} />
        </span>
      </summary>
      <div className="pt-1 pb-2 pl-6">
        {tries.slice(0, -1).map((tried) => (
          <EarlierTry key={tried.seq} tried={tried} />
        ))}
        <TaskDetail log={last} />
        <TaskCost tries={tries} />
      </div>
    </details>
  );
}

/** Names a task: the tool, the model, or what its step does. */
function nameTask({ kind, input, model, status }: StepLog, stepType: string | undefined): string {
  const names: Readonly<Record<StepLog["kind"], string | null | undefined>> = {
    tool: readTool(input),
    model,
    approval: status === "waiting" ? "Waiting for a decision" : "Decision",
    step: undefined,
    run: undefined,
  };
  return names[kind] ?? textsOf(stepType)?.name ?? toLabel(stepType ?? kind);
}

/** Shows what a step waits for, and until when. */
function WaitName({ log: { input, at } }: { readonly log: StepLog }) {
  const event = readPart(input, "event");
  const dueInMs = readPart(input, "dueInMs");
  const due = typeof dueInMs === "number" ? new Date(Date.parse(at) + dueInMs).toISOString() : undefined;
  return (
    <span className="min-w-0 flex-1 break-words">
      {typeof event === "string" ? (
        <>
          Waiting for the event <code className="font-mono text-xs">{event}</code>
        </>
      ) : (
        "Resumes automatically"
      )}
      {due !== undefined && (
        <>
          {" "}
          {typeof event === "string" && "or gives up"} <RelativeTime at={due} />
        </>
      )}
    </span>
  );
}

function readTool(input: unknown): string | undefined {
  const tool = readPart(input, "tool");
  return typeof tool === "string" ? tool : undefined;
}

/** A key of what a task was given. */
function readPart(input: unknown, key: string): unknown {
  return typeof input === "object" && input !== null ? new Map(Object.entries(input)).get(key) : undefined;
}

function Spent({ log }: { readonly log: StepLog }) {
  const tokens = log.inputTokens + log.outputTokens;
  return (
    <>
      {tokens > 0 && (
        <span title={`${log.inputTokens} in, ${log.outputTokens} out`}>{formatCount(tokens)} tokens</span>
      )}
      {log.costUsd > 0 && <span>{formatCost(log.costUsd)}</span>}
      {log.durationMs !== null && log.status !== "waiting" && <span>{formatDuration(log.durationMs)}</span>}
    </>
  );
}

function EarlierTry({ tried }: { readonly tried: StepLog }) {
  const what = tried.error?.message ?? lookOf(tried.status).label;
  return (
    <p className="text-xs text-muted-foreground">
      Try {tried.attempt}, <RelativeTime at={tried.at} />: {what}
    </p>
  );
}
