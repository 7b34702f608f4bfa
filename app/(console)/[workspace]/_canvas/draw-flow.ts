import { type Edge, MarkerType } from "@xyflow/react";
import { type CanvasNode, PORTS } from "./canvas-nodes.tsx";
import type { Fate } from "./compare-flows.ts";
import { FATE_LOOK } from "./fate-look.ts";
import type { FlowEdge, FlowGraph, FlowNode } from "./flow-graph.ts";
import { type Box, boxAround, placeNodes } from "./layout.ts";
import type { NodeState } from "./node-state.ts";
import { type FlowNote, measureNote, nameNote } from "./notes.ts";

/** A definition as a canvas shows it. */
export interface Drawing {
  readonly nodes: readonly CanvasNode[];
  readonly edges: readonly Edge[];
}

/** Facts of steps besides the definition, by the names of their nodes. */
export interface Overlay {
  readonly states?: ReadonlyMap<string, NodeState> | undefined;
  /** Of steps that no run comes to, whatever another one did there: ways stay as they are. */
  readonly pins?: ReadonlyMap<string, NodeState> | undefined;
  readonly problems?: ReadonlyMap<string, string> | undefined;
  /** What has become of steps, and of ways by their ids, since another form of the definition. */
  readonly fates?: ReadonlyMap<string, Fate> | undefined;
  readonly wayFates?: ReadonlyMap<string, Fate> | undefined;
  /** Ways that a problem is about, as `from>to`. */
  readonly path?: ReadonlySet<string> | undefined;
}

/** Draws a definition: frames and groups first, so that what they hold lies on them. */
export function drawFlow(graph: FlowGraph, overlay: Overlay): Drawing {
  const boxes = placeNodes(graph);
  const steps = graph.nodes.toSorted((one, other) => rankOf(one) - rankOf(other));
  return {
    nodes: [
      ...groupNodes(graph, boxes),
      ...steps.flatMap((step) => stepNode(step, boxes.get(step.id), overlay)),
      // A draft may call a step what only notes are called.
      ...graph.notes.filter(({ id }) => !boxes.has(nameNote(id))).map(noteNode),
    ],
    edges: graph.edges.map((edge) => drawEdge(edge, overlay)),
  };
}

/** Frames lie below what they hold. */
const rankOf = ({ isFrame }: FlowNode): number => (isFrame ? 0 : 1);

/** The beginning of a note's text is its name. */
const NAMED_BY = 80;

function noteNode(note: FlowNote): CanvasNode {
  const { id, text, x, y, width, height } = note;
  return {
    id: nameNote(id),
    type: "note",
    position: { x, y },
    width,
    ...(height !== undefined && { height }),
    initialWidth: width,
    initialHeight: measureNote(note),
    data: { note },
    ariaLabel: text.trim() === "" ? "Empty note" : `Note: ${text.slice(0, NAMED_BY)}`,
  };
}

function stepNode(step: FlowNode, box: Box | undefined, overlay: Overlay): readonly CanvasNode[] {
  if (!box) return [];
  const state = findState(step.id, overlay);
  const problem = overlay.problems?.get(step.id);
  const fate = overlay.fates?.get(step.id);
  return [
    {
      id: step.id,
      type: step.isFrame ? "frame" : "step",
      position: { x: box.x, y: box.y },
      ...(step.isFrame && { width: box.width, height: box.height }),
      initialWidth: box.width,
      initialHeight: box.height,
      ...(step.map !== undefined && { parentId: step.map, extent: "parent" as const }),
      data: { step, state, problem, fate },
      deletable: step.isOwn,
      draggable: step.isOwn || step.map === undefined,
      connectable: step.isOwn || step.kind !== "step",
      ariaLabel: nameNode(step, { state, problem, fate }),
    },
  ];
}

interface NodeFacts {
  readonly state: NodeState | undefined;
  readonly problem: string | undefined;
  readonly fate: Fate | undefined;
}

function nameNode({ title, type }: FlowNode, { state, problem, fate }: NodeFacts): string {
  return [title, type, state?.label, fate, problem && `problem: ${problem}`].filter(Boolean).join(", ");
}

function groupNodes({ groups }: FlowGraph, boxes: ReadonlyMap<string, Box>): readonly CanvasNode[] {
  return groups.flatMap((group) => {
    const box = boxAround(group.members.flatMap((member) => boxes.get(member) ?? []));
    if (!box) return [];
    return [
      {
        id: group.id,
        type: "group" as const,
        position: { x: box.x, y: box.y },
        width: box.width,
        height: box.height,
        data: { group },
        selectable: false,
        draggable: false,
        focusable: false,
        zIndex: -1,
      },
    ];
  });
}

const DASHED: ReadonlySet<FlowEdge["kind"]> = new Set(["error", "otherwise"]);

function drawEdge(edge: FlowEdge, overlay: Overlay): Edge {
  const { id, source, target, exit, kind, label, isBack } = edge;
  return {
    id,
    source,
    target,
    sourceHandle: exit ?? PORTS.next,
    targetHandle: isBack ? PORTS.back : PORTS.in,
    type: exit === undefined && !isBack ? "default" : "smoothstep",
    ...(label !== undefined && { label }),
    data: { edge },
    ariaLabel: `From ${source} to ${target}${exit === undefined ? "" : `, ${exit}`}`,
    markerEnd: { type: MarkerType.Arrow, color: "var(--stone)", width: 14, height: 14 },
    style: {
      stroke: chooseStroke(edge, overlay),
      strokeWidth: 1.5,
      ...((DASHED.has(kind) || overlay.wayFates?.get(id) === "removed") && { strokeDasharray: "3 4" }),
    },
  };
}

const findState = (id: string, { pins, states }: Overlay) => pins?.get(id) ?? states?.get(id);

function chooseStroke(edge: FlowEdge, { states, wayFates, path }: Overlay): string {
  if (path?.has(`${edge.source}>${edge.target}`)) return "var(--fail)";
  const fate = wayFates?.get(edge.id);
  if (fate !== undefined) return FATE_LOOK[fate].stroke;
  return isWalked(edge, states) ? "var(--stone)" : "var(--stone-3)";
}

/** Tells whether a run has gone a way: it has been at both ends. Without a run, every way could be gone. */
function isWalked({ source, target }: FlowEdge, states: Overlay["states"]): boolean {
  if (states === undefined) return true;
  const isVisited = (id: string) => id === "start" || id === "end" || !UNVISITED.has(states.get(id)?.glyph);
  return isVisited(source) && isVisited(target);
}

const UNVISITED: ReadonlySet<NodeState["glyph"] | undefined> = new Set([undefined, "skipped", "queued"]);
