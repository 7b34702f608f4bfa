"use client";
import { isEnded } from "#/agents/vocabulary/run.ts";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import { outlineBody, outlineDefinition, type OutlineNode } from "#/agents/definition/outline/outline.ts";
import { indexTitles } from "#/agents/definition/outline/step-words.ts";
import type { Run, RunDefinition, StepLog } from "#/operations/runs/contract.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { ApprovalCard } from "../../_approvals/approval-card.tsx";
import { useRunApprovals } from "../../_data/approvals.ts";
import { useRunDefinition } from "../../_data/runs.ts";
import { approvalMoment, seenAt } from "./progress.ts";
import { RunFailure } from "./run-failure.tsx";
import { RunHeader } from "./run-header.tsx";
import { RunOutput } from "./run-output.tsx";
import { CostMeter } from "./cost-meter.tsx";
import { CrewView } from "./crew-view.tsx";
import { ChildRuns } from "./child-runs.tsx";
import { LaterRuns } from "./later-runs.tsx";
import { RunCanvas } from "./run-canvas.tsx";
import { StepMap } from "./step-map.tsx";
import { buildTimeline } from "./timeline.ts";
import { TimelineView } from "./timeline-view.tsx";
import { useProgress } from "./use-progress.ts";

interface RunViewProps {
  readonly initialRun: Run;
  readonly initialSteps: readonly StepLog[];
  /** The tools, models and workflows that definitions may name. */
  readonly catalogue: Catalogue;
}

const STARTS_RUNS: ReadonlySet<string> = new Set(["map", "workflow", "crew"]);
const startsRuns = (steps: readonly OutlineNode[]) => steps.some(({ type }) => STARTS_RUNS.has(type));

const listCrews = (steps: readonly OutlineNode[]): ReadonlySet<string> =>
  new Set(steps.flatMap(({ id, type }) => (type === "crew" ? [id] : [])));

function listNodes({ part }: Run, definition: RunDefinition | undefined): readonly OutlineNode[] {
  if (!definition) return [];
  return (part ? outlineBody(definition.definition, part.step) : outlineDefinition(definition.definition))
    .nodes;
}

function RunInput({ input }: Pick<Run, "input">) {
  return (
    <Card>
      <CardHeader title="Input" />
      <div className="p-3">
        {Object.keys(input).length === 0 ? (
          <p className="px-1 text-muted-foreground">It was started without input.</p>
        ) : (
          <JsonView value={input} what="input" />
        )}
      </div>
    </Card>
  );
}

/** One run, as it happens. */
export function RunView({ initialRun, initialSteps, catalogue }: RunViewProps) {
  const progress = useProgress(initialRun, initialSteps);
  const { run, onChanged } = progress;
  const approvals = useRunApprovals(run.id, approvalMoment(run, progress.steps)).data?.items ?? [];
  const definition = useRunDefinition(run.id).data;
  const listed = listNodes(run, definition);
  const groups = buildTimeline(progress);
  return (
    <>
      <RunHeader
        run={run}
        seenAt={seenAt(progress)}
        connected={progress.connected}
        titleOf={indexTitles(listed)}
        onChanged={onChanged}
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <LaterRuns run={run} />
          {run.status === "paused" && (
            <Notice tone="warn" title="This run is paused">
              No new step starts until someone resumes it. Open approvals can still be decided.
            </Notice>
          )}
          {run.error && <RunFailure run={run} error={run.error} />}
          {approvals
            .filter(({ status }) => status === "open")
            .map((approval) => (
              <ApprovalCard key={approval.id} approval={approval} />
            ))}
          {isEnded(run.status) && <RunOutput output={run.output} />}
          {startsRuns(listed) && <ChildRuns run={run} crews={listCrews(listed)} />}
          <CrewView steps={progress.steps} ended={progress.ended} titleOf={indexTitles(listed)} />
          {definition && !run.part && (
            <RunCanvas definition={definition.definition} groups={groups} status={run.status} />
          )}
          <TimelineView
            run={run}
            groups={groups}
            steps={listed}
            ended={progress.ended}
            catalogue={catalogue}
          />
          {approvals
            .filter(({ status }) => status !== "open")
            .map((approval) => (
              <ApprovalCard key={approval.id} approval={approval} />
            ))}
        </div>
        <aside aria-label="About this run" className="flex min-w-0 flex-col gap-5 lg:sticky lg:top-5">
          {listed.length > 0 && <StepMap steps={listed} groups={groups} status={run.status} />}
          <CostMeter run={run} live={progress.live} />
          <RunInput input={run.input} />
        </aside>
      </div>
    </>
  );
}
