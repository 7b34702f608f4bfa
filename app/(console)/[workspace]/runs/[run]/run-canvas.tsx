"use client";
import { useMemo } from "react";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import { outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { lookOf } from "#/app/_ui/status-badge.tsx";
import { FlowPicture } from "../../_canvas/flow-picture.tsx";
import type { NodeState } from "../../_canvas/node-state.ts";
import { stepStates, type TimelineGroup } from "./timeline.ts";
import { wordForMissed } from "./_waterfall/build-spans.ts";

interface RunCanvasProps {
  readonly definition: unknown;
  readonly groups: readonly TimelineGroup[];
  readonly status: RunStatus;
  readonly onOpen: (step: string) => void;
}

/** The graph of the version that ran, with how each of its steps stands. A step leads to its line. */
export function RunCanvas({ definition, groups, status, onOpen }: RunCanvasProps) {
  const states = useMemo(() => readStates(definition, groups, status), [definition, groups, status]);
  return (
    <div className="h-96 bg-ground lg:h-auto lg:flex-1">
      <FlowPicture document={definition} label="Graph of this run" states={states} onOpen={onOpen} />
    </div>
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
      const { glyph, label } = lookOf(states.get(id)?.status ?? wordForMissed(status));
      return [id, { glyph, label }] as const;
    }),
  );
}
