"use client";
import { ReactFlowProvider, useReactFlow } from "@xyflow/react";
import dynamic from "next/dynamic";
import { useParams } from "next/navigation";
import { type RefObject, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { StepTypeName } from "#/agents/steps/table.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { Maximize, Plus, Redo2, Undo2, WandSparkles } from "#/app/_ui/icons.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { LocatedProblem } from "../../../_definition/check-text.ts";
import { isStepType } from "../../../_canvas/step-look.ts";
import { drawFlow } from "../../../_canvas/draw-flow.ts";
import { useCommands as useBarCommands } from "../../../_command/bar-store.ts";
import { useLastValues } from "../../../_data/last-values.ts";
import { useShortcuts } from "../../../_keys/use-shortcuts.ts";
import type { Draft } from "../use-draft.ts";
import type { CodeEditorHandle } from "./code-editor.tsx";
import { Dock } from "./dock.tsx";
import { EditCanvas, FIT, useReveal } from "./edit-canvas.tsx";
import { Palette } from "./palette.tsx";
import { ProblemBar } from "./problem-bar.tsx";
import { nodeOfProblem, problemsByNode } from "./problem-places.ts";
import { PropertiesPanel } from "./properties-panel.tsx";
import type { ReadDocument } from "./use-document.ts";
import { useStudio } from "./use-studio.ts";

/** The text editor is as large as the canvas, and comes when it is asked for. */
const CodeEditor = dynamic(() => import("./code-editor.tsx").then((module) => module.CodeEditor), {
  ssr: false,
  loading: () => <output className="p-4 text-ink-3">Opening the text…</output>,
});

interface StudioProps {
  readonly draft: Draft;
  readonly catalogue: Catalogue;
  readonly problems: readonly LocatedProblem[] | undefined;
  readonly warnings: readonly Pick<LocatedProblem, "path" | "message">[];
  /** True if the text stands beside the canvas. */
  readonly hasText: boolean;
}

/** The draft as a graph, with its text beside it: both change the same document. */
export function Studio(props: StudioProps) {
  return (
    <ReactFlowProvider>
      <Workbench {...props} />
    </ReactFlowProvider>
  );
}

function Workbench(props: StudioProps) {
  const { draft, problems, warnings, hasText } = props;
  const studio = useStudio(draft);
  const last = useLastValues(useParams<{ workflow: string }>().workflow);
  const { graph } = studio.read;
  const palette = usePalette();
  const editor = useRef<CodeEditorHandle>(null);
  useReveal(studio.revealed);
  useCommands({ studio, draft, openPalette: palette.open });
  const node = graph.nodes.find(
    ({ id }) => studio.selection.nodes.length === 1 && id === studio.selection.nodes[0],
  );
  const goTo = ({ path, line }: { readonly path: string; readonly line?: number | undefined }) => {
    const found = nodeOfProblem(graph, path);
    if (hasText && line !== undefined) editor.current?.goTo(line);
    else if (found !== undefined) studio.select(found);
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div
        className={cn(
          "relative grid min-h-0 flex-1 grid-cols-1 grid-rows-1",
          hasText
            ? "md:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)]"
            : "md:grid-cols-[11.5rem_minmax(0,1fr)]",
          !hasText && node && "lg:grid-cols-[11.5rem_minmax(0,1fr)_21rem]",
        )}
      >
        {hasText ? (
          <TextSide last={last} {...props} editor={editor} read={studio.read} />
        ) : (
          <PaletteSide palette={palette} onAdd={studio.add} />
        )}
        <CanvasSide {...props} studio={studio} openPalette={palette.open} />
        {node && !hasText && (
          <PropertiesPanel
            read={studio.read}
            node={node}
            problems={problems ?? []}
            last={last}
            actions={{
              onOperations: studio.apply,
              onConnect: studio.connect,
              onRemove: studio.disconnect,
              onRename: studio.rename,
              onDelete: studio.remove,
              onClose: studio.clear,
            }}
          />
        )}
      </div>
      <ProblemBar problems={problems} warnings={warnings} onGo={goTo} />
    </div>
  );
}

type StudioState = ReturnType<typeof useStudio>;

interface TextSideProps extends StudioProps {
  readonly editor: RefObject<CodeEditorHandle | null>;
  readonly read: ReadDocument;
  readonly last: ReturnType<typeof useLastValues>;
}

function TextSide({ draft, read, last, catalogue, problems, editor }: TextSideProps) {
  return (
    <div className="flex min-h-0 flex-col border-line bg-sheet md:border-r">
      <CodeEditor
        handle={editor}
        text={draft.text}
        read={read}
        last={last}
        tools={catalogue.tools}
        problems={problems}
        onType={(text) => draft.write(text, true)}
        onSave={() => void draft.save()}
        onUndo={draft.undo}
        onRedo={draft.redo}
      />
    </div>
  );
}

/** Beside the canvas there is room for the palette only on wide screens; elsewhere it lies over it while it is open. */
function usePalette() {
  const [isOpen, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const open = () => {
    setOpen(true);
    requestAnimationFrame(() => field.current?.focus());
  };
  return { isOpen, field, open, close: () => setOpen(false) };
}

interface PaletteSideProps {
  readonly palette: ReturnType<typeof usePalette>;
  readonly onAdd: (type: StepTypeName) => void;
}

function PaletteSide({ palette: { isOpen, field, close }, onAdd }: PaletteSideProps) {
  return (
    <div
      className={cn(
        "min-h-0 border-line bg-sheet max-md:absolute max-md:inset-0 max-md:z-20 md:grid md:border-r",
        !isOpen && "max-md:hidden",
      )}
    >
      <Palette
        ref={field}
        onClose={close}
        onAdd={(type) => {
          close();
          onAdd(type);
        }}
      />
    </div>
  );
}

interface CanvasSideProps extends StudioProps {
  readonly studio: StudioState;
  readonly openPalette: () => void;
}

function CanvasSide({ studio, draft, problems, hasText, openPalette }: CanvasSideProps) {
  const { read, selection } = studio;
  const drawing = useMemo(
    () => drawFlow(read.graph, { problems: problemsByNode(read.graph, problems ?? []) }),
    [read, problems],
  );
  return (
    <div className={cn("relative min-h-0 min-w-0 bg-ground", hasText && "max-md:hidden")}>
      <EditCanvas
        drawing={drawing}
        chosen={selection}
        actions={{
          onSelect: studio.setSelection,
          onMove: studio.move,
          onConnect: studio.connect,
          onDrop: (type, at, way) => isStepType(type) && studio.drop(type, at, way),
        }}
      />
      <Unreadable reason={read.reason} />
      <Dock
        canUndo={draft.canUndo}
        canRedo={draft.canRedo}
        onAdd={openPalette}
        onUndo={draft.undo}
        onRedo={draft.redo}
        onArrange={studio.arrange}
      />
    </div>
  );
}

function Unreadable({ reason }: { readonly reason: string | undefined }) {
  if (reason === undefined) return null;
  return (
    <Notice tone="bad" title="The text cannot be read" className="absolute top-3 left-3 z-10 max-w-md">
      The canvas shows the last text that could. {reason}
    </Notice>
  );
}

interface Commanded {
  readonly studio: StudioState;
  readonly draft: Draft;
  readonly openPalette: () => void;
}

/** Runs the keys of the studio. A command that does nothing leaves its key to the browser. */
function useCommands({ studio, draft, openPalette }: Commanded): void {
  const flow = useReactFlow();
  const copy = () => {
    const text = studio.copy();
    if (text !== undefined) void navigator.clipboard.writeText(text);
    return text !== undefined;
  };
  const { undo, redo } = draft;
  const { arrange } = studio;
  const fit = () => void flow.fitView(FIT);
  useShortcuts({
    "studio.add": openPalette,
    "studio.undo": undo,
    "studio.redo": redo,
    "studio.copy": copy,
    "studio.cut": () => copy() && studio.remove(),
    "studio.duplicate": studio.duplicate,
    "studio.selectAll": studio.selectAll,
    "studio.remove": studio.remove,
    "studio.zoomIn": () => void flow.zoomIn(),
    "studio.zoomOut": () => void flow.zoomOut(),
    "studio.fit": fit,
    "studio.arrange": arrange,
    "studio.connect": () => focusIn("[aria-label='Where it leads'] select"),
    "studio.edit": () =>
      focusIn("aside[aria-label^='Properties'] input, aside[aria-label^='Properties'] textarea"),
    "studio.save": () => void draft.save(),
    "studio.close": studio.clear,
  });
  useBarCommands([
    { id: "add", label: "Add a step", picture: Plus, shortcut: "studio.add", act: openPalette },
    { id: "fit", label: "Zoom to fit", picture: Maximize, shortcut: "studio.fit", act: fit },
    {
      id: "arrange",
      label: "Arrange the steps",
      picture: WandSparkles,
      shortcut: "studio.arrange",
      act: arrange,
    },
    { id: "undo", label: "Undo", picture: Undo2, shortcut: "studio.undo", act: undo },
    { id: "redo", label: "Redo", picture: Redo2, shortcut: "studio.redo", act: redo },
  ]);
  const onPasted = useEffectEvent(studio.paste);
  useEffect(() => {
    const onPaste = ({ target, clipboardData }: ClipboardEvent) => {
      const isField =
        target instanceof HTMLElement && target.closest("input, textarea, [contenteditable=true]");
      if (!isField && clipboardData) onPasted(clipboardData.getData("text/plain"));
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, []);
}

const focusIn = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();
