"use client";
import Link from "next/link";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useStartedRun } from "../../_data/runs.ts";
import { useSchedules } from "../../_data/schedules.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { ChecklistStep } from "./checklist-step.tsx";

export function ScheduleStep() {
  const path = useWorkspacePath();
  const run = useStartedRun("schedule");
  const schedule = useSchedules(false).data?.items.find(({ enabled }) => enabled);
  return (
    <ChecklistStep title="See a schedule fire" done={Boolean(run)}>
      {run ? (
        <Link href={path("runs", run.id)} className="font-medium text-primary underline underline-offset-2">
          View the latest scheduled run
        </Link>
      ) : (
        <Upcoming schedule={schedule} triggers={path("triggers")} />
      )}
    </ChecklistStep>
  );
}

interface UpcomingProps {
  readonly schedule: { readonly workflowName: string; readonly nextFireAt: string } | undefined;
  readonly triggers: string;
}

function Upcoming({ schedule, triggers }: UpcomingProps) {
  if (!schedule) {
    return (
      <Link href={triggers} className="font-medium text-primary underline underline-offset-2">
        Create a schedule
      </Link>
    );
  }
  return (
    <p>
      Nothing to do: “{schedule.workflowName}” starts by itself <RelativeTime at={schedule.nextFireAt} />.
    </p>
  );
}
