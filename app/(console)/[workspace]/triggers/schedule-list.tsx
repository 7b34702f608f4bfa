"use client";
import { CalendarClock, Trash2, TriangleAlert } from "#/app/_ui/icons.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Schedule } from "#/operations/schedules/contract.ts";
import { writeSentence } from "#/app/_ui/api-error.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useRefreshSchedules, useSchedules } from "../_data/schedules.ts";
import { FormWindow } from "../_form/form-window.tsx";
import { changeSchedule, removeSchedule } from "./actions.ts";
import { NewScheduleWindow } from "./new-schedule-window.tsx";
import { TriggerSwitch } from "./trigger-switch.tsx";

export function ScheduleList() {
  return (
    <Card id="schedules" aria-label="Schedules">
      <CardHeader
        title="Schedules"
        description="Each scheduled time starts exactly one run, even when clocks change or a server was down."
        actions={<NewScheduleWindow />}
      />
      <Rows />
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
  const refresh = useRefreshSchedules();
  const { workflowName, cron, timezone, enabled, nextFireAt, lastFireAt } = schedule;
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
        action={changeSchedule}
        onDone={refresh}
      />
      <DeleteSchedule schedule={schedule} />
      <CannotStart problems={schedule.problems} />
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

function DeleteSchedule({ schedule }: { readonly schedule: Schedule }) {
  const { id, workflowName, cron, timezone } = schedule;
  const refresh = useRefreshSchedules();
  return (
    <FormWindow
      button={{
        variant: "ghost",
        size: "icon",
        "aria-label": `Delete the schedule for ${workflowName}`,
        children: <Trash2 aria-hidden />,
      }}
      action={removeSchedule}
      place={`triggers#delete-${id}`}
      fixed={{ id }}
      title={`Delete the schedule for “${workflowName}”?`}
      description={`It will no longer fire at ${cron} (${timezone}). Runs it has started continue.`}
      submit="Delete"
      isDangerous
      done="Schedule deleted"
      onDone={() => {
        toast.success("Schedule deleted");
        return refresh();
      }}
    />
  );
}
