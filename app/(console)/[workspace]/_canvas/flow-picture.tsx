"use client";
import { Background, Controls, MiniMap, ReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useMemo } from "react";
import { NODE_TYPES } from "./canvas-nodes.tsx";
import { drawFlow, type Overlay } from "./draw-flow.ts";
import { type FlowGraph, readFlow } from "./flow-graph.ts";
import type { NodeState } from "./node-state.ts";
import { readNote } from "./notes.ts";

interface FlowPictureProps {
  readonly document: unknown;
  readonly label: string;
  /** The state of each step in a run; without it the steps show their settings. */
  readonly states?: ReadonlyMap<string, NodeState>;
  readonly onOpen?: (step: string) => void;
}

/** Above so many nodes only those in view are drawn. */
const MANY = 100;
const FIT = { padding: 0.12, maxZoom: 1 } as const;

/** A definition as a picture to look around in: nothing in it can be changed. */
export function FlowPicture({ document, states, ...rest }: FlowPictureProps) {
  const graph = useMemo(() => readFlow(document), [document]);
  const overlay = useMemo(() => ({ states }), [states]);
  return <GraphPicture graph={graph} overlay={overlay} {...rest} />;
}

interface GraphPictureProps extends Pick<FlowPictureProps, "label" | "onOpen"> {
  readonly graph: FlowGraph;
  readonly overlay: Overlay;
}

/** A graph that has been read, with whatever is known of its parts, as a picture to look around in. */
export function GraphPicture({ graph, overlay, label, onOpen }: GraphPictureProps) {
  const { nodes, edges } = useMemo(() => drawFlow(graph, overlay), [graph, overlay]);
  return (
    <ReactFlow
      aria-label={label}
      nodes={[...nodes]}
      edges={[...edges]}
      nodeTypes={NODE_TYPES}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      deleteKeyCode={null}
      onlyRenderVisibleElements={nodes.length > MANY}
      onNodeClick={(_, { id }) => readNote(id) === undefined && onOpen?.(id)}
      preventScrolling={false}
      zoomOnScroll={false}
      minZoom={0.1}
      fitView
      fitViewOptions={FIT}
      attributionPosition="bottom-left"
    >
      <Background gap={16} size={1} color="var(--dot)" />
      <Controls showInteractive={false} fitViewOptions={FIT} />
      {nodes.length > MANY && <MiniMap pannable zoomable />}
    </ReactFlow>
  );
}
