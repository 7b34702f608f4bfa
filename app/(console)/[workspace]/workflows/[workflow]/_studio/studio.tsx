"use client";
import { ReactFlowProvider, useReactFlow } from "@xyflow/react";
import dynamic from "next/dynamic";
import { useParams } from "next/navigation";
import { type RefObject, useMemo, useRef, useState } from "react";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import type { LocatedProblem } from "../../../_definition/check-text.ts";
import type { FlowNode } from "../../../_canvas/flow-graph.ts";
import { isStepType } from "../../../_canvas/step-look.ts";
import { drawFlow } from "../../../_canvas/draw-flow.ts";
import { type FlowNote, nameNote } from "../../../_canvas/notes.ts";
import { useLastValues } from "../../../_data/last-values.ts";
import { pinStates } from "../_try/pin-states.ts";
import { StepResultView } from "../_try/step-result-view.tsx";
import type { StepResult, StepResults } from "../_try/step-results.ts";
import { StepTries } from "../_try/step-tries.tsx";
import { TriedRun } from "../_try/tried-run.tsx";
import type { Trial } from "../_try/use-trial.ts";
import type { Tried } from "../_try/use-try-start.ts";
import type { Draft } from "../use-draft.ts";
import { AlignBar } from "./align-bar.tsx";
import type { CodeEditorHandle } from "./code-editor.tsx";
import { Dock } from "./dock.tsx";
import { EditCanvas } from "./edit-canvas.tsx";
import { FindBar } from "./find-bar.tsx";
import { NotePanel } from "./note-panel.tsx";
import { PaletteSide, type PaletteState, usePalette } from "./palette-side.tsx";
import type { LastValues } from "./readable-values.ts";
import { ProblemBar } from "./problem-bar.tsx";
import { nodeOfProblem, problemsByNode } from "./problem-places.ts";
import { PropertiesPanel } from "./properties-panel.tsx";
import type { ReadDocument } from "./use-document.ts";
import { type Finding, useFind } from "./use-find.ts";
import { findMiddle, useReveal } from "./use-reveal.ts";
import { useSentence } from "./use-sentence.tsx";
import { useStudio } from "./use-studio.ts";
import { useStudioKeys } from "./use-studio-keys.ts";

/** The text editor is as large as the canvas, and comes when it is asked for. */
const CodeEditor = dynamic(() => import("./code-editor.tsx").then((module) => module.CodeEditor), {
  ssr: false,
  loading: () => <output className="p-4 text-ink-3">Opening the text…</output>,
});

interface StudioProps {
  readonly workflowId: string;
  readonly draft: Draft;
  readonly trial: Trial;
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
  const { draft, trial, warnings, hasText } = props;
  const problems = useMemo(
    () => props.problems?.concat(trial.refused.map((found) => ({ ...found, line: undefined }))),
    [props.problems, trial.refused],
  );
  const [results, setResults] = useState<StepResults>();
  const studio = useStudio(draft);
  const last = useLastValues(useParams<{ workflow: string }>().workflow);
  const { graph } = studio.read;
  const palette = usePalette();
  const { say, dialog } = useSentence({ ...props, text: draft.text, apply: studio.apply });
  const editor = useRef<CodeEditorHandle>(null);
  const finding = useFind(studio.read, studio.select);
  const hit = finding.marks?.here;
  useReveal(useMemo(() => (hit === undefined ? undefined : { id: hit, isShownOnly: true }), [hit]));
  useReveal(studio.revealed);
  const goTo = ({ path, line }: { readonly path: string; readonly line?: number | undefined }) => {
    const found = nodeOfProblem(graph, path);
    if (hasText && line !== undefined) editor.current?.goTo(line);
    else if (found !== undefined) studio.select(found);
  };
  const tryIt = () => {
    const [first] = problems ?? [];
    if (!trial.ask() && first) goTo(first);
  };
  useStudioKeys({ studio, draft, openPalette: palette.open, finding, tryIt, say });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Sides
        {...props}
        problems={problems}
        last={last}
        results={results}
        studio={studio}
        editor={editor}
        palette={palette}
        finding={finding}
        onSay={say}
      />
      {dialog}
      {trial.runId !== undefined && (
        <TriedRun
          key={trial.runId}
          runId={trial.runId}
          text={draft.text}
          onResults={setResults}
          onAgain={tryIt}
          onClose={() => trial.show(undefined)}
        />
      )}
      <ProblemBar problems={problems} warnings={warnings} onGo={goTo} />
    </div>
  );
}

type StudioState = ReturnType<typeof useStudio>;

interface SidesProps extends StudioProps {
  readonly studio: StudioState;
  readonly last: LastValues | undefined;
  readonly results: StepResults | undefined;
  readonly editor: RefObject<CodeEditorHandle | null>;
  readonly palette: PaletteState;
  readonly finding: Finding;
  /** Asks for a sentence that changes the draft. */
  readonly onSay: () => void;
}

/** The one step or note that is chosen. */
function findChosen({ read: { graph }, selection }: StudioState) {
  const [only, ...others] = selection.nodes;
  const isOne = (id: string) => others.length === 0 && id === only;
  return {
    node: graph.nodes.find(({ id }) => isOne(id)),
    note: graph.notes.find(({ id }) => isOne(nameNote(id))),
  };
}

/** The canvas between what can be added to it and the properties of the chosen step, or beside its text. */
function Sides(props: SidesProps) {
  const { studio, results, problems, editor, palette, hasText } = props;
  const flow = useReactFlow();
  const { node, note } = findChosen(studio);
  return (
    <div
      className={cn(
        "relative grid min-h-0 flex-1 grid-cols-1 grid-rows-1",
        hasText ? "md:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)]" : "md:grid-cols-[11.5rem_minmax(0,1fr)]",
        !hasText && (node ?? note) && "lg:grid-cols-[11.5rem_minmax(0,1fr)_21rem]",
      )}
    >
      {hasText ? (
        <TextSide {...props} editor={editor} read={studio.read} />
      ) : (
        <PaletteSide
          palette={palette}
          onAdd={(type) => (type === "note" ? studio.addNote(findMiddle(flow)) : studio.add(type))}
        />
      )}
      <CanvasSide {...props} openPalette={palette.open} />
      {!hasText && (
        <>
          {note && <NoteSide studio={studio} note={note} />}
          {node && (
            <PropertiesSide
              studio={studio}
              node={node}
              problems={problems}
              last={props.last}
              tried={props}
              result={results?.get(node.id)}
            />
          )}
        </>
      )}
    </div>
  );
}

function NoteSide({ studio, note }: { readonly studio: StudioState; readonly note: FlowNote }) {
  return (
    <NotePanel
      key={note.id}
      note={note}
      onOperations={studio.apply}
      onDelete={studio.remove}
      onClose={studio.clear}
    />
  );
}

interface PropertiesSideProps extends Pick<StudioProps, "problems"> {
  readonly studio: StudioState;
  readonly node: FlowNode;
  readonly last: LastValues | undefined;
  readonly result: StepResult | undefined;
  readonly tried: Tried;
}

function PropertiesSide({ studio, node, problems, last, result, tried }: PropertiesSideProps) {
  const { workflowId, draft, trial } = tried;
  const { runId } = trial;
  const canRunAlone = node.kind === "step" && node.isOwn && node.map === undefined;
  return (
    <PropertiesPanel
      read={studio.read}
      node={node}
      problems={problems ?? []}
      last={last}
      result={
        result && runId !== undefined ? (
          <StepResultView result={result} runId={result.runId ?? runId} />
        ) : undefined
      }
      footer={
        canRunAlone && (
          <StepTries
            key={node.id}
            workflowId={workflowId}
            draft={draft}
            trial={trial}
            step={node.id}
            title={node.title}
            wasReached={result?.at !== undefined}
            output={result?.output}
          />
        )
      }
      actions={{
        onOperations: studio.apply,
        onConnect: studio.connect,
        onRemove: studio.disconnect,
        onRename: studio.rename,
        onDelete: studio.remove,
        onClose: studio.clear,
      }}
    />
  );
}

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

interface CanvasSideProps extends StudioProps {
  readonly studio: StudioState;
  /** What became of the steps in the run that was tried; undefined shows their settings. */
  readonly results: StepResults | undefined;
  readonly openPalette: () => void;
  readonly finding: Finding;
  readonly onSay: () => void;
}

function CanvasSide({ studio, draft, trial, problems, results, hasText, ...tools }: CanvasSideProps) {
  const { openPalette, finding, onSay } = tools;
  const { read, selection } = studio;
  const pinned = trial.pins.values;
  const drawing = useMemo(
    () =>
      drawFlow(read.graph, {
        problems: problemsByNode(read.graph, problems ?? []),
        states: results && new Map([...results].map(([id, { node }]) => [id, node])),
        pins: pinStates(pinned),
      }),
    [read, problems, results, pinned],
  );
  return (
    <div className={cn("relative min-h-0 min-w-0 bg-ground", hasText && "max-md:hidden")}>
      <EditCanvas
        drawing={drawing}
        chosen={selection}
        found={finding.marks}
        actions={{
          onSelect: studio.choose,
          onMove: studio.move,
          onConnect: studio.connect,
          onResize: studio.resizeNote,
          onDrop: (type, at, way) => {
            if (isStepType(type)) studio.drop(type, at, way);
            else studio.addNote(at);
          },
        }}
      />
      <AlignBar chosen={selection.nodes} onMove={studio.move} />
      <FindBar finding={finding} />
      <Unreadable reason={read.reason} />
      <Dock
        canUndo={draft.canUndo}
        canRedo={draft.canRedo}
        onAdd={openPalette}
        onFind={finding.open}
        onSay={onSay}
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
