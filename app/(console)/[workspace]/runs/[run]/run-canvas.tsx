"use client";
import { useMemo } from "react";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import type { RunSummary } from "#/operations/runs/contract.ts";
import { FlowPicture } from "../../_canvas/flow-picture.tsx";
import { readResults } from "../../workflows/[workflow]/_try/step-results.ts";
import { useChildResults } from "../../workflows/[workflow]/_try/use-child-results.ts";
import type { Below } from "./below.ts";
import type { TimelineGroup } from "./timeline.ts";

interface RunCanvasProps {
  readonly definition: unknown;
  readonly groups: readonly TimelineGroup[];
  readonly status: RunStatus;
  /** The runs that it has started. */
  readonly started: readonly RunSummary[];
  readonly below: Below;
  readonly onOpen: (step: string) => void;
}

/** The graph of the version that ran, with how each of its steps stands. A step leads to its line. */
export function RunCanvas({ definition, groups, status, started, below, onOpen }: RunCanvasProps) {
  const own = useMemo(() => readResults(definition, groups, status), [definition, groups, status]);
  const results = useChildResults(own, { definition, children: started, below });
  const states = useMemo(() => new Map([...(results ?? [])].map(([id, { node }]) => [id, node])), [results]);
  return (
    <div className="h-96 bg-ground lg:h-auto lg:flex-1">
      <FlowPicture document={definition} label="Graph of this run" states={states} onOpen={onOpen} />
    </div>
  );
}
