"use client";
import {
  Background,
  type Connection,
  type Edge,
  MiniMap,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type DragEvent, useMemo } from "react";
import { type CanvasNode, NODE_TYPES, PORTS } from "../../../_canvas/canvas-nodes.tsx";
import type { Drawing } from "../../../_canvas/draw-flow.ts";
import { type CanvasActions, type Chosen, select } from "./canvas-actions.ts";
import { Guides } from "./guides.tsx";
import { useNodes } from "./use-nodes.ts";

/** The data type of a step that is dragged from the palette. */
export const STEP_DRAG = "application/x-cairn-step";

/** The nodes that a search has found, and the one that it shows. */
export interface FoundOnCanvas {
  readonly ids: ReadonlySet<string>;
  readonly here: string | undefined;
}

interface EditCanvasProps {
  readonly drawing: Drawing;
  readonly chosen: Chosen;
  /** Everything else is dimmed; undefined while nothing is looked for. */
  readonly found: FoundOnCanvas | undefined;
  readonly actions: CanvasActions;
}

const MANY = 100;
const MINI_MAP = { width: 144, height: 96 } as const;
export const FIT = { padding: 0.14, maxZoom: 1 } as const;

/** The definition as a graph in which everything can be moved, connected and chosen. */
export function EditCanvas({ drawing, chosen, found, actions }: EditCanvasProps) {
  const { nodes, onNodesChange, lines } = useNodes(drawing, chosen.nodes, actions);
  const shown = useMemo(() => (found ? markFound(nodes, found) : nodes), [nodes, found]);
  const edges = useMemo(() => markEdges(drawing.edges, chosen.edges), [drawing, chosen.edges]);
  const ways = useMemo(() => (found ? dimEdges(edges) : edges), [edges, found]);
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
      nodes={shown}
      edges={ways}
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
      <Guides lines={lines} />
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

/** The hit that is shown. */
const HERE = "rounded-node outline-2 outline-offset-4 outline-accent!";
/** Grey and flat, and still to be read. */
const DIMMED = "[&_*]:text-ink-3! [&>div]:border-line! [&>div]:bg-sheet! [&>div]:shadow-none!";

const markFound = (nodes: readonly CanvasNode[], { ids, here }: FoundOnCanvas): CanvasNode[] =>
  nodes.map((node) => {
    if (node.id === here) return Object.assign({}, node, { className: HERE });
    return ids.has(node.id) ? node : Object.assign({}, node, { className: DIMMED });
  });

const dimEdges = (edges: readonly Edge[]): Edge[] =>
  edges.map((edge) => Object.assign({}, edge, { className: "[&_path]:opacity-30" }));

const markEdges = (edges: readonly Edge[], chosen: readonly string[]): Edge[] =>
  edges.map((edge) => (chosen.includes(edge.id) ? Object.assign({}, edge, { selected: true }) : edge));

function connect({ source, sourceHandle, target }: Connection, { onConnect }: CanvasActions): void {
  onConnect(source, sourceHandle === PORTS.next || sourceHandle === null ? undefined : sourceHandle, target);
}
