"use client";
import { lazy, Suspense } from "react";
import { Plus } from "#/app/_ui/icons.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { useRefreshSchedules } from "../_data/schedules.ts";
import { FormWindow } from "../_form/form-window.tsx";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { addSchedule } from "./actions.ts";

/** With what computes the times of a cron expression; loaded when somebody makes a schedule. */
const ScheduleFields = lazy(() =>
  import("./schedule-fields.tsx").then((module) => ({ default: module.ScheduleFields })),
);

/** Asks what to start, when, and with what input. */
export function NewScheduleWindow() {
  const { isPlain } = useWorkspace();
  const refresh = useRefreshSchedules();
  return (
    <FormWindow
      button={{
        variant: "primary",
        children: (
          <>
            <Plus aria-hidden /> New schedule
          </>
        ),
      }}
      action={addSchedule}
      place="triggers#new-schedule"
      title="New schedule"
      wide
      submit="Create schedule"
      isOnce
      done="Schedule created"
      onDone={() => {
        toast.success("Schedule created");
        return refresh();
      }}
    >
      {(form) => {
        const fields = <ScheduleFields {...form} />;
        // What is behind a boundary is put in its place by scripts.
        return isPlain ? fields : <Suspense fallback={null}>{fields}</Suspense>;
      }}
    </FormWindow>
  );
}
