"use client";
import { Handle, type Node, type NodeProps, type NodeTypes, Position } from "@xyflow/react";
import { Repeat, RotateCcw, TriangleAlert, Users } from "#/app/_ui/icons.tsx";
import { memo } from "react";
import type { OutlineGroup } from "#/agents/definition/outline/outline.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { StateGlyph } from "#/app/_ui/state-glyph.tsx";
import type { Fate } from "./compare-flows.ts";
import type { Exit } from "./exits.ts";
import { FATE_LOOK } from "./fate-look.ts";
import type { FlowNode } from "./flow-graph.ts";
import { type NodeState, nodeLook } from "./node-state.ts";
import { ItemPicker, RunLink } from "./node-runs.tsx";
import { Note, type NoteNode } from "./note-node.tsx";
import { StepTile } from "./step-tile.tsx";

/** The port of the way that is always taken, and the ports where ways come in. */
export const PORTS = { next: "next", in: "in", back: "back" } as const;

interface StepData extends Record<string, unknown> {
  readonly step: FlowNode;
  readonly state?: NodeState | undefined;
  /** The step's first problem. */
  readonly problem?: string | undefined;
  /** What has become of the step since another form of the definition. */
  readonly fate?: Fate | undefined;
}
type StepNode = Node<StepData, "step" | "frame">;
type GroupNode = Node<{ readonly group: OutlineGroup }, "group">;
export type CanvasNode = StepNode | GroupNode | NoteNode;

const PORT_LOOK = "h-2.25! min-h-0! w-2.75! min-w-0! border-[1.5px]! border-stone! pebble!";
const portFill = (isFull: boolean) => cn(PORT_LOOK, isFull ? "bg-stone!" : "bg-sheet!");

const StepCard = memo(function StepCard({ data, selected, isConnectable }: NodeProps<StepNode>) {
  const { step, state, problem, fate } = data;
  return (
    <div
      className={cn(
        "group rounded-node border bg-raised contrast:border-2",
        nodeLook(state).box,
        fate && FATE_LOOK[fate].box,
        problem !== undefined && "border-fail-line",
        selected && "border-accent ring-3 ring-accent/22",
        step.kind === "step" ? "w-62" : "w-46",
      )}
    >
      <Ports step={step} isConnectable={isConnectable} />
      <Head data={data} />
      <Line data={data} />
      <Rows exits={step.exits} isConnectable={isConnectable} />
    </div>
  );
});

/** A map: what it does for each item lies inside it. */
const Frame = memo(function Frame({ data, selected, isConnectable }: NodeProps<StepNode>) {
  const { step, state, problem, fate } = data;
  return (
    <div
      className={cn(
        "flex h-full flex-col justify-between rounded-frame border border-line-2 bg-ink/2.5",
        state && nodeLook(state).box,
        fate && FATE_LOOK[fate].box,
        problem !== undefined && "border-fail-line",
        selected && "border-accent ring-3 ring-accent/22",
      )}
    >
      <Ports step={step} isConnectable={isConnectable} />
      <FrameHead data={data} />
      <Rows exits={step.exits} isConnectable={isConnectable} />
    </div>
  );
});

/** The name of a map, what it goes through, and in a run how its items stand. */
function FrameHead({ data: { step, state, problem, fate } }: { readonly data: StepData }) {
  return (
    <div className="flex h-8 items-center gap-1.5 px-3 text-xs font-medium text-ink-2">
      <Repeat aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      <span className="min-w-8 truncate">{step.title}</span>
      {step.summary !== undefined && !state?.items && (
        <span className="min-w-0 truncate rounded-sm bg-accent-soft px-1.5 py-0.5 font-mono text-accent-text">
          {step.summary}
        </span>
      )}
      {problem !== undefined && <Warning />}
      {fate && <FateMark fate={fate} />}
      {state && <FrameState state={state} />}
    </div>
  );
}

function FrameState({ state }: { readonly state: NodeState }) {
  return (
    <span className="ml-auto flex min-w-0 items-center gap-1">
      <span className="truncate text-2xs font-normal" title={state.line}>
        {state.line}
      </span>
      <ItemPicker items={state.items} />
      <RunLink run={state.run} />
      <State state={state} />
    </span>
  );
}

interface PortsProps {
  readonly step: FlowNode;
  readonly isConnectable: boolean;
}

function Ports({ step, isConnectable }: PortsProps) {
  const { kind, hasNext, exits } = step;
  return (
    <>
      {kind !== "start" && (
        <>
          <Handle
            type="target"
            id={PORTS.in}
            position={step.map === undefined ? Position.Top : Position.Left}
            isConnectable={isConnectable}
            className={portFill(false)}
          />
          <Handle
            type="target"
            id={PORTS.back}
            position={Position.Left}
            isConnectable={false}
            className="pointer-events-none opacity-0!"
          />
        </>
      )}
      {kind !== "end" && (hasNext || !exits.some(({ isTaken }) => isTaken)) && (
        <Handle
          type="source"
          id={PORTS.next}
          position={step.map === undefined ? Position.Bottom : Position.Right}
          isConnectable={isConnectable}
          className={portFill(hasNext)}
        />
      )}
    </>
  );
}

function Head({ data: { step, state, problem, fate } }: { readonly data: StepData }) {
  return (
    <div className="flex h-9 items-center gap-2 pr-2.5 pl-1.5 font-medium">
      <StepTile type={step.type} />
      <span className="min-w-0 flex-1 truncate">{step.title}</span>
      {problem !== undefined && <Warning />}
      {fate && <FateMark fate={fate} />}
      <RunLink run={state?.run} />
      {state ? (
        <State state={state} />
      ) : (
        step.kind === "step" && <span className="text-2xs font-normal text-ink-3">{step.type}</span>
      )}
    </div>
  );
}

function FateMark({ fate }: { readonly fate: Fate }) {
  const { mark, label, tone } = FATE_LOOK[fate];
  return (
    <span className={cn("shrink-0 rounded-sm px-1 text-2xs font-medium", tone)}>
      <span aria-hidden>{mark} </span>
      {label}
    </span>
  );
}

function Warning() {
  return <TriangleAlert aria-label="Has a problem" className="size-3.5 shrink-0 text-fail-text" />;
}

function State({ state }: { readonly state: NodeState }) {
  return (
    <span className="ml-auto shrink-0" title={state.label}>
      <StateGlyph glyph={state.glyph} />
    </span>
  );
}

/** One line: what has to be mended, else what the step does now or gave, else its settings. */
function Line({ data: { step, state, problem } }: { readonly data: StepData }) {
  const text = problem ?? state?.line ?? step.summary;
  if (text === undefined) return null;
  const look = problem === undefined ? nodeLook(state).line : "text-fail-text";
  return <p className={cn("-mt-1 truncate pr-2.5 pb-2 pl-9.5 text-xs", look)}>{text}</p>;
}

interface RowsProps {
  readonly exits: readonly Exit[];
  readonly isConnectable: boolean;
}

function Rows({ exits, isConnectable }: RowsProps) {
  return exits.map(({ id, label, isCode, isTaken }) => (
    <div key={id} className="relative flex h-7.25 items-center border-t border-line pr-3.5 pl-9.5 text-xs">
      <span className={cn("min-w-0 truncate text-ink-2", isCode && "font-mono text-2xs")}>{label}</span>
      <Handle
        type="source"
        id={id}
        position={Position.Right}
        isConnectable={isConnectable}
        className={portFill(isTaken)}
      />
    </div>
  ));
}

const GROUP_ICONS = { loop: RotateCcw, crew: Users } as const;

/** Steps that are gone through again and again, or the tasks of a crew. Its name ends before the middle, where ways go in. */
const Group = memo(function Group({ data: { group } }: NodeProps<GroupNode>) {
  const Icon = GROUP_ICONS[group.kind];
  return (
    <div className="h-full rounded-frame border border-line-2 bg-ink/2.5">
      <p className="flex h-8 max-w-1/2 items-center gap-1.5 pr-2 pl-3 text-xs text-ink-3">
        <Icon aria-hidden className="size-3.5 shrink-0" />
        <span className="font-medium text-ink-2">{group.title}</span>
        <span className="truncate">{group.summary}</span>
      </p>
    </div>
  );
});

/** Outside of components: a new table would draw every node anew. */
export const NODE_TYPES: NodeTypes = { step: StepCard, frame: Frame, group: Group, note: Note };
