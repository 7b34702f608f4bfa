import type { EdgeChange, NodeChange } from "@xyflow/react";
import type { FlowGraph } from "../../../_canvas/flow-graph.ts";
import { nameNote } from "../../../_canvas/notes.ts";
import type { Point } from "../../../_canvas/point.ts";

/** The selection on a canvas, by the names of nodes and edges. */
export interface Chosen {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

export interface CanvasActions {
  readonly onSelect: (choose: (before: Chosen) => Chosen) => void;
  readonly onMove: (moved: readonly ({ readonly id: string } & Point)[]) => void;
  /** A note was made larger or smaller. */
  readonly onResize: (note: string, size: { readonly width: number; readonly height: number }) => void;
  readonly onConnect: (source: string, exit: string | undefined, target: string) => void;
  /** A new step of a type, or a note, is let go, on a way or beside all ways. */
  readonly onDrop: (type: string, at: Point, way: string | undefined) => void;
}

/** Tells which nodes or edges are chosen from now on. */
export function select(
  kind: keyof Chosen,
  changes: readonly (NodeChange | EdgeChange)[],
  { onSelect }: CanvasActions,
): void {
  const chosen = new Map(
    changes.flatMap((change) => (change.type === "select" ? [[change.id, change.selected] as const] : [])),
  );
  if (chosen.size === 0) return;
  const more = [...chosen].filter(([, isChosen]) => isChosen).map(([id]) => id);
  onSelect((before) => ({ ...before, [kind]: [...before[kind].filter((id) => !chosen.has(id)), ...more] }));
}

/** Keeps what of a selection is there: what was deleted, undone or taken out of the text would make another node one of several. */
export function keepKnown(chosen: Chosen, { nodes, notes, edges }: FlowGraph): Chosen {
  const known = new Set([...nodes.map(({ id }) => id), ...notes.map(({ id }) => nameNote(id))]);
  const ways = new Set(edges.map(({ id }) => id));
  return {
    nodes: chosen.nodes.filter((id) => known.has(id)),
    edges: chosen.edges.filter((id) => ways.has(id)),
  };
}
