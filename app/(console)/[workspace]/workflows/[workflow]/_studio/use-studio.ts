import { useMemo, useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import type { StepTypeName } from "#/agents/steps/table.ts";
import { placeNodes } from "../../../_canvas/layout.ts";
import { nameNote, readNote } from "../../../_canvas/notes.ts";
import type { FlowEdge, FlowGraph } from "../../../_canvas/flow-graph.ts";
import type { Point } from "../../../_canvas/point.ts";
import type { Draft } from "../use-draft.ts";
import {
  arrangeSteps,
  connectNodes,
  freeName,
  insertStep,
  makeRoom,
  parsePlace,
  removeSteps,
  removeWay,
} from "./canvas-operations.ts";
import { copySteps, pasteSteps } from "./clipboard.ts";
import { type CanvasActions, type Chosen, keepKnown } from "./canvas-actions.ts";
import type { Revealed } from "./use-reveal.ts";
import { changeNote, freeNote, type NewNote, placeNote, putNote } from "./note-operations.ts";
import { NEW_STEP } from "./new-step.ts";
import { operate, type ReadDocument, useDocument } from "./use-document.ts";

const NONE: Chosen = { nodes: [], edges: [] };

/** The draft as a graph, what of it is chosen, and everything that can be done with it. */
export function useStudio(draft: Draft) {
  const read = useDocument(draft.text);
  const { graph } = read;
  const [wanted, setSelection] = useState(NONE);
  const selection = useMemo(() => keepKnown(wanted, graph), [wanted, graph]);
  const [revealed, setRevealed] = useState<Revealed>();
  const apply = (operations: readonly Operation[]): boolean => {
    if (operations.length === 0) return false;
    const result = operate(draft.text, operations);
    if ("reason" in result) toast.error(result.reason);
    else draft.write(result.text);
    return "text" in result;
  };
  const select: Shared["select"] = (id, isShownOnly = false) => {
    setSelection({ nodes: [id], edges: [] });
    setRevealed({ id, isShownOnly });
  };
  const shared = { read, apply, select, selection };
  return {
    read,
    selection,
    revealed,
    apply,
    select,
    choose: ((next) =>
      setSelection((before) => next(keepKnown(before, graph)))) satisfies CanvasActions["onSelect"],
    clear: () => setSelection(NONE),
    selectAll: () => {
      const notes = graph.notes.map(({ id }) => nameNote(id));
      setSelection({ nodes: [...graph.nodes.map(({ id }) => id), ...notes], edges: [] });
    },
    ...useSteps(shared),
    ...useNotes(shared),
    ...useWays(shared),
    ...useCopies(shared),
  };
}

interface Shared {
  readonly read: ReadDocument;
  readonly selection: Chosen;
  readonly apply: (operations: readonly Operation[]) => boolean;
  /** @param isShownOnly it is shown, and the focus goes elsewhere */
  readonly select: (id: string, isShownOnly?: boolean) => void;
}

function useSteps({ read: { graph, document }, apply, select, selection }: Shared) {
  const add = (type: StepTypeName) => {
    const after = selection.nodes.at(-1);
    const map = after === undefined ? undefined : parsePlace(after).map;
    const name = freeName(graph, type, { map });
    const room = map === undefined ? makeRoom(graph, name, placeNodes(graph).get(after ?? "")) : [];
    if (apply([...insertStep(graph, { name, fields: NEW_STEP[type], after }), ...room]))
      select(map === undefined ? name : `${map}/${name}`);
  };
  const drop = (type: StepTypeName, at: Point, way: string | undefined) => {
    const edge = graph.edges.find(({ id }) => id === way);
    const name = freeName(graph, type);
    const place = { x: Math.round(at.x), y: Math.round(at.y) };
    const operations = edge
      ? insertStep(graph, { name, fields: NEW_STEP[type], after: edge.source, on: edge })
      : [
          { do: "addStep", step: name, fields: NEW_STEP[type] } as const,
          { do: "setPosition", step: name, ...place } as const,
        ];
    if (apply(operations)) select(name);
  };
  return {
    add,
    drop,
    rename: (id: string, to: string) => {
      const { map } = parsePlace(id);
      if (apply([{ do: "renameStep", ...parsePlace(id), to }]))
        select(map === undefined ? to : `${map}/${to}`);
    },
    remove: () => {
      const way = graph.edges.find(({ id }) => selection.edges.includes(id));
      const steps = selection.nodes.filter((id) => graph.nodes.find((node) => node.id === id)?.isOwn);
      const notes = selection.nodes.flatMap((id) => readNote(id) ?? []);
      const gone = notes.map((note) => ({ do: "removeNote", note }) as const);
      return steps.length + gone.length > 0
        ? apply([...removeSteps(graph, steps), ...gone])
        : way !== undefined && apply(removeWay(document, way));
    },
    duplicate: () => {
      const node = graph.nodes.find(({ id, isOwn }) => isOwn && id === selection.nodes[0]);
      if (!node) return false;
      const place = parsePlace(node.id);
      const as = freeName(graph, place.step, { map: place.map });
      const isDone = apply([{ do: "duplicateStep", ...place, as }]);
      if (isDone) select(place.map === undefined ? as : `${place.map}/${as}`);
      return isDone;
    },
    move: (moved: readonly Moved[]) => apply(moveNodes(graph, moved)),
    arrange: () => apply(arrangeSteps(document)),
  };
}

type Moved = { readonly id: string } & Point;

/** The first step that is moved keeps all others where they are now: from then on people arrange. */
function moveNodes(graph: FlowGraph, moved: readonly Moved[]): readonly Operation[] {
  const operations = moved.flatMap(moveNode);
  const isFirst = graph.positions.size === 0 && moved.some(({ id }) => readNote(id) === undefined);
  if (!isFirst) return operations;
  const outer = new Set(graph.nodes.flatMap(({ id, map }) => (map === undefined ? [id] : [])));
  const places = [...placeNodes(graph)].filter(([id]) => outer.has(id));
  const positions = Object.fromEntries(places.map(([id, { x, y }]) => [id, { x, y }]));
  return [{ do: "setField", field: ["ui", "positions"], value: positions }, ...operations];
}

/** A note keeps its place beside its text, a step among the positions. */
function moveNode({ id, x, y }: Moved): readonly Operation[] {
  const note = readNote(id);
  if (note === undefined) return [{ do: "setPosition", ...parsePlace(id), x, y }];
  return changeNote(note, { x, y });
}

/** A copy of a note lies this far below and right of it. */
const BESIDE = 32;

function useNotes({ read: { graph }, apply, select, selection }: Shared) {
  const put = (note: NewNote, isShownOnly: boolean) => {
    const name = freeNote(graph);
    const isDone = apply([putNote(name, note)]);
    if (isDone) select(nameNote(name), isShownOnly);
    return isDone;
  };
  return {
    addNote: (middle: Point) => put(placeNote(graph, middle), true),
    /** @returns false where no note is chosen */
    duplicateNote: () => {
      const note = graph.notes.find(({ id }) => nameNote(id) === selection.nodes[0]);
      return note !== undefined && put({ ...note, x: note.x + BESIDE, y: note.y + BESIDE }, false);
    },
    resizeNote: (id: string, size: { readonly width: number; readonly height: number }) => {
      const note = readNote(id);
      return note !== undefined && apply(changeNote(note, size));
    },
  };
}

function useWays({ read: { graph, document }, apply }: Shared) {
  return {
    connect: (source: string, exit: string | undefined, target: string) =>
      apply(connectNodes(graph, document, { source, exit, target })),
    disconnect: (edge: FlowEdge) => apply(removeWay(document, edge)),
  };
}

function useCopies({ read: { graph, document }, apply, selection }: Shared) {
  return {
    copy: () => copySteps(document, graph, selection.nodes),
    paste: (text: string) => apply(pasteSteps(graph, text) ?? []),
  };
}
