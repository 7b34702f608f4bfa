"use client";
import { useReactFlow, useStore } from "@xyflow/react";
import {
  type DrawnIcon,
  Maximize,
  MessageSquare,
  Minus,
  Plus,
  Redo2,
  Search,
  Undo2,
  WandSparkles,
  ZoomIn,
} from "#/app/_ui/icons.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { tellKeys } from "../../../_keys/press.ts";
import type { ShortcutsOf } from "../../../_keys/shortcuts.ts";
import { FIT } from "./edit-canvas.tsx";

interface DockProps {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly onAdd: () => void;
  readonly onFind: () => void;
  readonly onSay: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onArrange: () => void;
}

/** The buttons for the canvas as a whole. */
export function Dock(props: DockProps) {
  const { canUndo, canRedo, onAdd, onFind, onSay, onUndo, onRedo, onArrange } = props;
  const flow = useReactFlow();
  const zoom = useStore(({ transform }) => Math.round(transform[2] * 100));
  return (
    <div
      role="toolbar"
      aria-label="Canvas tools"
      className="absolute bottom-4 left-1/2 z-10 flex -translate-x-1/2 items-center gap-0.5 rounded-node border border-line-2 bg-raised p-1 shadow-high"
    >
      <Tool icon={Plus} label="Add a step" shortcut="studio.add" onClick={onAdd} />
      <Tool icon={MessageSquare} label="Change by a sentence" shortcut="studio.say" onClick={onSay} />
      <Tool icon={Search} label="Find" shortcut="studio.find" onClick={onFind} />
      <Rule />
      <Tool icon={Undo2} label="Undo" shortcut="studio.undo" isOff={!canUndo} onClick={onUndo} />
      <Tool icon={Redo2} label="Redo" shortcut="studio.redo" isOff={!canRedo} onClick={onRedo} />
      <Rule />
      <Tool icon={Minus} label="Zoom out" shortcut="studio.zoomOut" onClick={() => void flow.zoomOut()} />
      <span className="px-1 text-xs whitespace-nowrap text-ink-2 max-md:hidden">{zoom} %</span>
      <Tool icon={ZoomIn} label="Zoom in" shortcut="studio.zoomIn" onClick={() => void flow.zoomIn()} />
      <Tool
        icon={Maximize}
        label="Zoom to fit"
        shortcut="studio.fit"
        onClick={() => void flow.fitView(FIT)}
      />
      <Rule />
      <Tool icon={WandSparkles} label="Arrange" shortcut="studio.arrange" onClick={onArrange} />
    </div>
  );
}

const Rule = () => <span aria-hidden className="mx-1 h-4 w-px bg-line-2 max-md:hidden" />;

interface ToolProps {
  readonly icon: DrawnIcon;
  readonly label: string;
  readonly shortcut: ShortcutsOf<"studio">;
  readonly isOff?: boolean;
  readonly onClick: () => void;
}

function Tool({ icon: Icon, label, shortcut, isOff = false, onClick }: ToolProps) {
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={label}
      title={`${label} (${tellKeys(shortcut)})`}
      disabled={isOff}
      onClick={onClick}
      className="max-md:min-w-9"
    >
      <Icon aria-hidden />
    </Button>
  );
}
