"use client";
import { useReactFlow, useStore } from "@xyflow/react";
import {
  type DrawnIcon,
  Maximize,
  Minus,
  Plus,
  Redo2,
  Undo2,
  WandSparkles,
  ZoomIn,
} from "#/app/_ui/icons.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { FIT } from "./edit-canvas.tsx";

interface DockProps {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly onAdd: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onArrange: () => void;
}

/** The buttons for the canvas as a whole. */
export function Dock({ canUndo, canRedo, onAdd, onUndo, onRedo, onArrange }: DockProps) {
  const flow = useReactFlow();
  const zoom = useStore(({ transform }) => Math.round(transform[2] * 100));
  return (
    <div
      role="toolbar"
      aria-label="Canvas tools"
      className="absolute bottom-4 left-1/2 z-10 flex -translate-x-1/2 items-center gap-0.5 rounded-node border border-line-2 bg-raised p-1 shadow-high"
    >
      <Tool icon={Plus} label="Add a step" keys="N" onClick={onAdd} />
      <Rule />
      <Tool icon={Undo2} label="Undo" keys="Ctrl or ⌘ Z" isOff={!canUndo} onClick={onUndo} />
      <Tool icon={Redo2} label="Redo" keys="Ctrl or ⌘ Shift Z" isOff={!canRedo} onClick={onRedo} />
      <Rule />
      <Tool icon={Minus} label="Zoom out" keys="-" onClick={() => void flow.zoomOut()} />
      <span className="px-1 text-xs whitespace-nowrap text-ink-2 max-md:hidden">{zoom} %</span>
      <Tool icon={ZoomIn} label="Zoom in" keys="+" onClick={() => void flow.zoomIn()} />
      <Tool icon={Maximize} label="Zoom to fit" keys="F" onClick={() => void flow.fitView(FIT)} />
      <Rule />
      <Tool icon={WandSparkles} label="Arrange" keys="L" onClick={onArrange} />
    </div>
  );
}

const Rule = () => <span aria-hidden className="mx-1 h-4 w-px bg-line-2 max-md:hidden" />;

interface ToolProps {
  readonly icon: DrawnIcon;
  readonly label: string;
  readonly keys: string;
  readonly isOff?: boolean;
  readonly onClick: () => void;
}

function Tool({ icon: Icon, label, keys, isOff = false, onClick }: ToolProps) {
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={label}
      title={`${label} (${keys})`}
      disabled={isOff}
      onClick={onClick}
      className="max-md:min-w-9"
    >
      <Icon aria-hidden />
    </Button>
  );
}
