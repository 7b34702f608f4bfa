"use client";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import { outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { lookOf } from "#/app/_ui/status-badge.tsx";
import type { NodeState } from "../../_canvas/node-state.ts";
import { untaken } from "./step-map.tsx";
import { stepStates, type TimelineGroup } from "./timeline.ts";

/** The graph comes when the rest of the page stands. */
const FlowPicture = dynamic(
  () => import("../../_canvas/flow-picture.tsx").then((module) => module.FlowPicture),
  {
    ssr: false,
  },
);

interface RunCanvasProps {
  readonly definition: unknown;
  readonly groups: readonly TimelineGroup[];
  readonly status: RunStatus;
}

/** The graph of the version that ran, with how each of its steps stands. A step leads to its place in the timeline. */
export function RunCanvas({ definition, groups, status }: RunCanvasProps) {
  const states = useMemo(() => readStates(definition, groups, status), [definition, groups, status]);
  const open = (step: string) => {
    const group = groups.findLast((one) => one.step === step);
    if (group) location.hash = group.key;
  };
  return (
    <Card aria-label="Graph" className="overflow-hidden">
      <CardHeader title="Graph" />
      <div className="h-88 bg-ground">
        <FlowPicture document={definition} label="Graph of this run" states={states} onOpen={open} />
      </div>
    </Card>
  );
}

function readStates(
  definition: unknown,
  groups: readonly TimelineGroup[],
  status: RunStatus,
): ReadonlyMap<string, NodeState> {
  const states = stepStates(groups);
  return new Map(
    outlineDefinition(definition).nodes.map(({ id }) => {
      const { glyph, label } = lookOf(states.get(id)?.status ?? untaken(status));
      return [id, { glyph, label }] as const;
    }),
  );
}
