"use client";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { Outline } from "#/agents/definition/outline/outline.ts";
import { indexTitles } from "#/agents/definition/outline/step-words.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { Button } from "#/app/_ui/button.tsx";
import { FoldHorizontal } from "#/app/_ui/icons.tsx";
import { SegmentedControl } from "#/app/_ui/segmented-control.tsx";
import { isJsonObject } from "#/lib/json-object.ts";
import type { Run, RunSummary, StepLog } from "#/operations/runs/contract.ts";
import type { Below } from "./below.ts";
import type { LiveTask } from "./live-tasks.ts";
import { isRefusedStart } from "./refused-start.ts";
import { RunOverview } from "./run-overview.tsx";
import { SpanHead } from "./span-head.tsx";
import type { TimelineGroup } from "./timeline.ts";
import { useRunAddress } from "./use-address.ts";
import { useTrace } from "./use-trace.ts";
import { TimeShares } from "./_waterfall/time-shares.tsx";
import { Waterfall } from "./_waterfall/waterfall.tsx";

/** Loaded when a step is looked at. */
const StepPanel = lazy(() =>
  import("./_panel/step-panel.tsx").then((module) => ({ default: module.StepPanel })),
);
const CrewView = lazy(() => import("./crew-view.tsx").then((module) => ({ default: module.CrewView })));
const RunCanvas = lazy(() => import("./run-canvas.tsx").then((module) => ({ default: module.RunCanvas })));

interface RunTraceProps {
  readonly run: Run;
  readonly groups: readonly TimelineGroup[];
  readonly steps: readonly StepLog[];
  readonly live: readonly LiveTask[];
  /** The runs that it has started. */
  readonly started: readonly RunSummary[];
  /** What its stream has told of the runs below it. */
  readonly below: Below;
  readonly outline: Outline;
  /** The definition that ran; undefined until it is read. */
  readonly definition: unknown;
  readonly catalogue: Catalogue;
  /** Now; of a run that has ended, its end. */
  readonly until: number;
}

type View = "waterfall" | "graph" | "crew";

const VIEWS = [
  { value: "waterfall", label: "Waterfall" },
  { value: "graph", label: "Graph" },
] as const;
const WITH_CREW = [...VIEWS, { value: "crew", label: "Crew" }] as const;

/** Returns whether members of a crew have spoken. */
const hasCrew = (steps: readonly StepLog[]) =>
  steps.some(({ input }) => isJsonObject(input) && "crew" in input);

/** Shows a run's work: lines on one axis of time, and beside them everything about the line that is chosen. */
export function RunTrace(props: RunTraceProps) {
  const { groups } = props;
  const [folds, setFolds] = useState(true);
  const panel = useRef<HTMLElement>(null);
  const trace = useTrace({ ...props, folds });
  const enter = () => {
    panel.current?.focus();
    panel.current?.scrollIntoView({ block: "nearest" });
  };
  const open = (step: string) => {
    const group = groups.findLast((one) => one.step === step);
    if (group) trace.select(group.key);
  };
  return (
    <div className="tree-rows relative flex-1 border-t border-line lg:min-h-[34rem]">
      <div className="lg:absolute lg:inset-0 lg:grid lg:grid-cols-[minmax(0,1fr)_25rem]">
        <Views {...props} trace={trace} folds={folds} onFolds={setFolds} onOpenStep={open} onEnter={enter} />
        <aside
          ref={panel}
          tabIndex={-1}
          aria-label="Details"
          className="min-w-0 overflow-y-auto -outline-offset-2 max-lg:border-t lg:border-l lg:border-line"
        >
          <Details {...props} trace={trace} onOpenStep={open} />
        </aside>
      </div>
    </div>
  );
}

interface ViewsProps extends DetailsProps {
  readonly folds: boolean;
  readonly onFolds: (folds: boolean) => void;
  readonly onEnter: () => void;
}

/** The ways to look at what a run did. */
function Views(props: ViewsProps) {
  const { run, steps, groups, outline, definition, trace, folds, onFolds, onOpenStep } = props;
  const [view, setView] = useState<View>("waterfall");
  return (
    <section aria-label="What happened" className="flex min-h-0 min-w-0 flex-col">
      <div className="flex h-11 shrink-0 items-center gap-2 px-4 md:px-6">
        <SegmentedControl
          label="View"
          options={hasCrew(steps) ? WITH_CREW : VIEWS}
          value={view}
          onChange={setView}
        />
        {view === "waterfall" && trace.hasFolds && (
          <Button
            variant="ghost"
            aria-pressed={folds}
            className="ml-auto text-xs text-ink-3"
            onClick={() => onFolds(!folds)}
          >
            {folds ? "Waits are folded" : "True lengths"} <FoldHorizontal aria-hidden />
          </Button>
        )}
      </div>
      {view === "waterfall" && <Lines {...props} />}
      <Suspense fallback={<div className="h-80" />}>
        {view === "graph" && (
          <RunCanvas
            definition={definition}
            groups={groups}
            status={run.status}
            started={props.started}
            below={props.below}
            onOpen={onOpenStep}
          />
        )}
        {view === "crew" && (
          <CrewView steps={steps} ended={isEnded(run.status)} titleOf={indexTitles(outline.nodes)} />
        )}
      </Suspense>
    </section>
  );
}

function Lines({ run, trace, onEnter }: ViewsProps) {
  const { spans, opened, scale, selected, select, toggle } = trace;
  return (
    <>
      <Waterfall
        spans={spans}
        opened={opened}
        scale={scale}
        status={run.status}
        resumable={run.parentId === null && !isRefusedStart(run.error)}
        selected={selected?.key}
        onSelect={select}
        onToggle={toggle}
        onEnter={onEnter}
      />
      <TimeShares spans={spans} />
    </>
  );
}

interface DetailsProps extends RunTraceProps {
  readonly trace: ReturnType<typeof useTrace>;
  readonly onOpenStep: (step: string) => void;
}

function Details({ run, live, groups, outline, definition, catalogue, trace, onOpenStep }: DetailsProps) {
  const [address, setAddress] = useRunAddress();
  const { selected, select } = trace;
  const titleOf = useMemo(() => indexTitles(outline.nodes), [outline]);
  if (!selected) return <RunOverview run={run} live={live} />;
  const { subject } = selected;
  const step = subject.kind === "visit" || subject.kind === "task" ? subject.group.step : undefined;
  const type = outline.nodes.find(({ id }) => id === step)?.type;
  return (
    <>
      <SpanHead
        run={run}
        span={selected}
        groups={groups}
        type={type}
        titleOf={titleOf}
        catalogue={catalogue}
        onClose={() => select(undefined)}
      />
      <Suspense fallback={<div className="h-40" />}>
        <StepPanel
          span={selected}
          address={address}
          onAddress={setAddress}
          definition={definition}
          stepType={type}
          titleOf={titleOf}
          onOpenStep={onOpenStep}
        />
      </Suspense>
    </>
  );
}
