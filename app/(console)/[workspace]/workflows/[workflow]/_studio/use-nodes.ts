import { applyNodeChanges, type NodeChange, useKeyPress } from "@xyflow/react";
import { useEffect, useRef, useState } from "react";
import type { CanvasNode } from "../../../_canvas/canvas-nodes.tsx";
import type { Drawing } from "../../../_canvas/draw-flow.ts";
import { type CanvasActions, select } from "./canvas-actions.ts";
import { guideMoves } from "./guide-moves.ts";
import type { HelperLine } from "./helper-lines.ts";

/** The nodes of the newest drawing, where a drag has brought them and as they were measured, and the lines that a move follows. */
export function useNodes(drawing: Drawing, chosen: readonly string[], actions: CanvasActions) {
  const [nodes, setNodes] = useState<CanvasNode[]>(() => [...drawing.nodes]);
  const [shown, setShown] = useState({ drawing, chosen });
  const { guide, lines } = useGuides(nodes);
  if (shown.drawing !== drawing || shown.chosen !== chosen) {
    setShown({ drawing, chosen });
    setNodes(shown.drawing === drawing ? markNodes(nodes, chosen) : takeDrawing(drawing, nodes, chosen));
  }
  const onNodesChange = (wanted: NodeChange<CanvasNode>[]) => {
    const changes = guide(wanted);
    const others = changes.filter(({ type }) => type !== "select");
    if (others.length > 0) setNodes((before) => applyNodeChanges(others, before));
    select("nodes", changes, actions);
    const moved = listMoved(changes, drawing);
    if (moved.length > 0) actions.onMove(moved);
    for (const { id, ...size } of listResized(changes)) actions.onResize(id, size);
  };
  return { nodes, onNodesChange, lines };
}

const NO_LINES: readonly HelperLine[] = [];
/** Lines of a step by a key are seen for so long. */
const SEEN_MS = 1_200;

/** Draws moves to what is near, unless Alt is held. */
function useGuides(nodes: readonly CanvasNode[]) {
  const isOff = useKeyPress("Alt");
  const [lines, setLines] = useState(NO_LINES);
  const isDragged = useRef(false);
  const fading = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(fading.current), []);
  const guide = (changes: NodeChange<CanvasNode>[]): NodeChange<CanvasNode>[] => {
    const move = changes.find((change) => change.type === "position" && change.dragging !== undefined);
    if (move?.type !== "position") return changes;
    const isStep = move.dragging === false && !isDragged.current;
    isDragged.current = move.dragging === true;
    clearTimeout(fading.current);
    if (isOff) {
      setLines(NO_LINES);
      return changes;
    }
    const guided = guideMoves({ changes, nodes, isStep });
    setLines(move.dragging || isStep ? guided.lines : NO_LINES);
    if (isStep) fading.current = setTimeout(() => setLines(NO_LINES), SEEN_MS);
    return guided.changes;
  };
  return { guide, lines };
}

const markNodes = (nodes: readonly CanvasNode[], chosen: readonly string[]): CanvasNode[] =>
  nodes.map((node) => {
    const selected = chosen.includes(node.id);
    return node.selected === selected ? node : Object.assign({}, node, { selected });
  });

function takeDrawing(
  drawing: Drawing,
  before: readonly CanvasNode[],
  chosen: readonly string[],
): CanvasNode[] {
  const old = new Map(before.map((node) => [node.id, node]));
  return markNodes(
    drawing.nodes.map((node) => {
      const measured = old.get(node.id)?.measured;
      return measured ? Object.assign({}, node, { measured }) : node;
    }),
    chosen,
  );
}

/** Lists where steps were put down, by a drag or by arrow keys. */
function listMoved(changes: readonly NodeChange<CanvasNode>[], { nodes }: Drawing) {
  return changes.flatMap((change) => {
    if (change.type !== "position" || change.dragging !== false || !change.position) return [];
    const { id } = change;
    const [x, y] = [Math.round(change.position.x), Math.round(change.position.y)];
    const before = nodes.find((node) => node.id === id)?.position;
    return before && (before.x !== x || before.y !== y) ? [{ id, x, y }] : [];
  });
}

/** Lists the sizes that were let go. */
const listResized = (changes: readonly NodeChange<CanvasNode>[]) =>
  changes.flatMap((change) =>
    change.type === "dimensions" && change.resizing === false && change.dimensions
      ? [
          {
            id: change.id,
            width: Math.round(change.dimensions.width),
            height: Math.round(change.dimensions.height),
          },
        ]
      : [],
  );
