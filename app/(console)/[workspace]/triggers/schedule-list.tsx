"use client";
import { CalendarClock, Plus, Trash2, TriangleAlert } from "#/app/_ui/icons.tsx";
import { lazy, Suspense, useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Schedule, UpdateSchedule } from "#/operations/schedules/contract.ts";
import { describeError, writeSentence } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useDeleteSchedule, useSchedules, useUpdateSchedule } from "../_data/schedules.ts";
import { TriggerSwitch } from "./trigger-switch.tsx";

/** With what computes the times of a cron expression; loaded when somebody makes a schedule. */
const NewScheduleDialog = lazy(() =>
  import("./new-schedule-dialog.tsx").then((module) => ({ default: module.NewScheduleDialog })),
);

export function ScheduleList() {
  const [making, setMaking] = useState(false);
  return (
    <Card id="schedules" aria-label="Schedules">
      <CardHeader
        title="Schedules"
        description="Each scheduled time starts exactly one run, even when clocks change or a server was down."
        actions={
          <Button variant="primary" onClick={() => setMaking(true)}>
            <Plus aria-hidden /> New schedule
          </Button>
        }
      />
      <Rows />
      <Suspense fallback={null}>
        {making && <NewScheduleDialog open onClose={() => setMaking(false)} />}
      </Suspense>
    </Card>
  );
}

function Rows() {
  const { data, error, isPending, refetch } = useSchedules();
  if (isPending) return <SkeletonRows rows={3} />;
  if (!data) return <LoadProblem what="schedules" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <EmptyState icon={CalendarClock} title="No schedules yet">
        Create one to start a workflow every morning, every hour, or on the first of the month.
      </EmptyState>
    );
  return (
    <ul className="divide-y divide-border">
      {data.items.map((schedule) => (
        <ScheduleRow key={schedule.id} schedule={schedule} />
      ))}
    </ul>
  );
}

function ScheduleRow({ schedule }: { readonly schedule: Schedule }) {
  const [deleting, setDeleting] = useState(false);
  const update = useUpdateSchedule(schedule.id);
  const { workflowName, cron, timezone, enabled, nextFireAt, lastFireAt } = schedule;
  const change = (changed: UpdateSchedule) =>
    update.mutate(changed, { onError: (error) => toast.error(describeError(error)) });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{workflowName}</p>
        <p className="text-xs text-muted-foreground">
          <code className="font-mono text-foreground">{cron}</code> {timezone}
        </p>
      </div>
      <p className="text-xs text-muted-foreground sm:text-right">
        {enabled ? (
          <>
            next <RelativeTime at={nextFireAt} />
          </>
        ) : (
          "rests"
        )}
        <span className="block">
          {lastFireAt === null ? (
            "has not fired yet"
          ) : (
            <>
              last <RelativeTime at={lastFireAt} />
            </>
          )}
        </span>
      </p>
      <TriggerSwitch
        name={`the schedule for ${workflowName}`}
        trigger={schedule}
        pending={update.isPending}
        onChange={change}
      />
      <Button
        variant="ghost"
        size="icon"
        aria-label={`Delete the schedule for ${workflowName}`}
        onClick={() => setDeleting(true)}
      >
        <Trash2 aria-hidden />
      </Button>
      <CannotStart problems={schedule.problems} />
      <DeleteScheduleDialog schedule={schedule} open={deleting} onClose={() => setDeleting(false)} />
    </li>
  );
}

/** Said where the schedule stands: its next runs will fail. */
function CannotStart({ problems }: Pick<Schedule, "problems">) {
  if (problems.length === 0) return null;
  return (
    <p className="flex basis-full gap-1.5 text-xs text-warn">
      <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 break-words">
        Can’t start a run: {problems.map(writeSentence).join(" ")} Create a schedule with a valid input, or
        publish a version that accepts this one.
      </span>
    </p>
  );
}

interface DeleteScheduleDialogProps {
  readonly schedule: Schedule;
  readonly open: boolean;
  readonly onClose: () => void;
}

function DeleteScheduleDialog({ schedule, open, onClose }: DeleteScheduleDialogProps) {
  const remove = useDeleteSchedule(schedule.id);
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => toast.success("Schedule deleted"),
      onError: (error) => toast.error(describeError(error)),
      onSettled: onClose,
    });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Delete the schedule for “${schedule.workflowName}”?`}
      description={`It will no longer fire at ${schedule.cron} (${schedule.timezone}). Runs it has started continue.`}
      action="Delete"
      pending={remove.isPending}
      onConfirm={confirm}
    />
  );
}
