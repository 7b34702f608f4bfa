"use client";
import type { PiledStone } from "#/app/_ui/stone-pile.tsx";
import { RelativeTime, RENEW_MS, useNow } from "#/app/_ui/time.tsx";
import { useSoonHydrated } from "#/app/_ui/use-hydrated.ts";
import { useFollowers, useStartedRun } from "../_data/runs.ts";
import { RARE_MS } from "../_data/poll.ts";
import { useSchedules } from "../_data/schedules.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { type FireState, judgeFire, pickNext } from "./next-fire.ts";
import { StepLink, StepRow } from "./step-row.tsx";

const TITLE = "See a schedule fire";

/** The step of waiting, done once a schedule has started a run. */
export function ScheduleStep({ state }: { readonly state: PiledStone }) {
  const path = useWorkspacePath();
  const run = useStartedRun("schedule");
  if (run)
    return (
      <StepRow title={TITLE} state={state}>
        <StepLink href={path("runs", run.id)}>View the latest scheduled run</StepLink>
      </StepRow>
    );
  return <Upcoming state={state} />;
}

function Upcoming({ state }: { readonly state: PiledStone }) {
  const path = useWorkspacePath();
  const { schedule, fire } = useNextFire();
  const act = (words: string) => (
    <StepLink href={path("triggers?tab=schedules")} isHere={state === "here"}>
      {words}
    </StepLink>
  );
  if (!schedule)
    return (
      <StepRow title={TITLE} state={state} act={act("Create a schedule")}>
        Runs start by themselves, as often as you say.
      </StepRow>
    );
  const { workflowName, nextFireAt } = schedule;
  return (
    <StepRow title={TITLE} state={state} act={fire === "late" && act("Open schedules")}>
      {fire === "ahead" && (
        <>
          Nothing to do: “{workflowName}” starts by itself <RelativeTime at={nextFireAt} />.
        </>
      )}
      {fire === "due" && `Nothing to do: “${workflowName}” is due and starts at any moment.`}
      {fire === "late" && (
        <>
          “{workflowName}” was due <RelativeTime at={nextFireAt} /> and has not started.
        </>
      )}
    </StepRow>
  );
}

/** The schedule that fires next. Once its moment has come it is read again until it has fired, and then what it has started. */
function useNextFire() {
  const now = useNow(RENEW_MS);
  const { data } = useSchedules((items) => {
    const next = pickNext(items);
    return next !== undefined && judgeFire(next.nextFireAt, Date.now()) !== "ahead" && RARE_MS;
  });
  const schedule = data && pickNext(data.items);
  // What the server has made and what the browser makes of it first are the same, whatever their clocks say.
  const isHydrated = useSoonHydrated();
  const fire: FireState = schedule && isHydrated ? judgeFire(schedule.nextFireAt, now) : "ahead";
  useFollowers(schedule?.nextFireAt ?? "");
  return { schedule, fire };
}
