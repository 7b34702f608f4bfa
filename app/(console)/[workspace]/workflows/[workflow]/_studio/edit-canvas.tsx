"use client";
import {
  applyNodeChanges,
  Background,
  type Connection,
  type Edge,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type DragEvent, useEffect, useMemo, useState } from "react";
import { type CanvasNode, NODE_TYPES, PORTS } from "../../../_canvas/canvas-nodes.tsx";
import type { Drawing } from "../../../_canvas/draw-flow.ts";
import type { Point } from "../../../_canvas/flow-graph.ts";

/** The data type of a step that is dragged from the palette. */
export const STEP_DRAG = "application/x-cairn-step";

/** The selection on a canvas, by the names of nodes and edges. */
export interface Chosen {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

export interface CanvasActions {
  readonly onSelect: (choose: (before: Chosen) => Chosen) => void;
  readonly onMove: (moved: readonly ({ readonly id: string } & Point)[]) => void;
  readonly onConnect: (source: string, exit: string | undefined, target: string) => void;
  /** A new step of a type is let go, on a way or beside all ways. */
  readonly onDrop: (type: string, at: Point, way: string | undefined) => void;
}

interface EditCanvasProps {
  readonly drawing: Drawing;
  readonly chosen: Chosen;
  readonly actions: CanvasActions;
}

const MANY = 100;
const MINI_MAP = { width: 144, height: 96 } as const;
export const FIT = { padding: 0.14, maxZoom: 1 } as const;

/** The definition as a graph in which everything can be moved, connected and chosen. */
export function EditCanvas({ drawing, chosen, actions }: EditCanvasProps) {
  const { nodes, onNodesChange } = useNodes(drawing, chosen.nodes, actions);
  const edges = useMemo(() => markEdges(drawing.edges, chosen.edges), [drawing, chosen.edges]);
  const flow = useReactFlow();
  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(STEP_DRAG);
    if (type === "") return;
    event.preventDefault();
    const { clientX: x, clientY: y } = event;
    const way = document.elementFromPoint(x, y)?.closest<SVGElement>(".react-flow__edge")?.dataset["id"];
    actions.onDrop(type, flow.screenToFlowPosition({ x, y }), way);
  };
  return (
    <ReactFlow
      aria-label="Canvas"
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      onNodesChange={onNodesChange}
      onEdgesChange={(changes) => select("edges", changes, actions)}
      onConnect={(connection) => connect(connection, actions)}
      onDrop={onDrop}
      onDragOver={(event) => event.preventDefault()}
      onlyRenderVisibleElements={nodes.length > MANY}
      deleteKeyCode={null}
      selectionMode={SelectionMode.Partial}
      selectionKeyCode="Shift"
      multiSelectionKeyCode={["Meta", "Control"]}
      snapToGrid
      snapGrid={[8, 8]}
      minZoom={0.1}
      maxZoom={2}
      fitView
      fitViewOptions={FIT}
      attributionPosition="bottom-left"
    >
      <Background gap={16} size={1} color="var(--dot)" />
      <MiniMap
        pannable
        zoomable
        ariaLabel="Overview"
        nodeColor="var(--stone-3)"
        bgColor="var(--raised)"
        maskColor="var(--hover)"
        style={MINI_MAP}
        className="overflow-hidden rounded-lg border border-line-2 max-lg:hidden"
      />
    </ReactFlow>
  );
}

const markEdges = (edges: readonly Edge[], chosen: readonly string[]): Edge[] =>
  edges.map((edge) => (chosen.includes(edge.id) ? Object.assign({}, edge, { selected: true }) : edge));

function connect({ source, sourceHandle, target }: Connection, { onConnect }: CanvasActions): void {
  onConnect(source, sourceHandle === PORTS.next || sourceHandle === null ? undefined : sourceHandle, target);
}

/** Tells which nodes or edges are chosen from now on. */
function select(
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

/** The nodes of the newest drawing, where a drag has brought them and as they were measured. */
function useNodes(drawing: Drawing, chosen: readonly string[], actions: CanvasActions) {
  const [nodes, setNodes] = useState<CanvasNode[]>(() => [...drawing.nodes]);
  const [shown, setShown] = useState({ drawing, chosen });
  if (shown.drawing !== drawing || shown.chosen !== chosen) {
    setShown({ drawing, chosen });
    setNodes(shown.drawing === drawing ? markNodes(nodes, chosen) : takeDrawing(drawing, nodes, chosen));
  }
  const onNodesChange = (changes: NodeChange<CanvasNode>[]) => {
    const others = changes.filter(({ type }) => type !== "select");
    if (others.length > 0) setNodes((before) => applyNodeChanges(others, before));
    select("nodes", changes, actions);
    const moved = listMoved(changes, drawing);
    if (moved.length > 0) actions.onMove(moved);
  };
  return { nodes, onNodesChange };
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

/** Shows a node that was just chosen from elsewhere: by the palette, a problem, or a name. */
export function useReveal(target: { readonly id: string } | undefined): void {
  const { fitView, getZoom } = useReactFlow();
  useEffect(() => {
    if (!target) return undefined;
    let tries = 0;
    const timer = setInterval(() => {
      tries += 1;
      const place = `.react-flow__node[data-id="${CSS.escape(target.id)}"]`;
      const node = document.querySelector<HTMLElement>(place);
      if (!node && tries < MOST_TRIES) return;
      clearInterval(timer);
      const zoom = getZoom();
      void fitView({ nodes: [{ id: target.id }], maxZoom: zoom, minZoom: zoom, duration: 200 });
      node?.focus({ preventScroll: true });
    }, SETTLE_MS);
    return () => clearInterval(timer);
  }, [fitView, getZoom, target]);
}

/** A new node is drawn and measured before it can be shown. */
const SETTLE_MS = 60;
const MOST_TRIES = 40;
