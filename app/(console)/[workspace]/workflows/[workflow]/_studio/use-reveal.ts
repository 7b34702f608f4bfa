import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import type { CanvasNode } from "../../../_canvas/canvas-nodes.tsx";
import type { Point } from "../../../_canvas/point.ts";

/** Finds the place in the middle of what is seen. */
export function findMiddle(flow: ReactFlowInstance): Point {
  const seen = document.querySelector(".react-flow")?.getBoundingClientRect();
  if (!seen) return { x: 0, y: 0 };
  return flow.screenToFlowPosition({ x: seen.x + seen.width / 2, y: seen.y + seen.height / 2 });
}

/** A node that the canvas is to show. */
export interface Revealed {
  readonly id: string;
  /** The node does not take the focus. */
  readonly isShownOnly?: boolean;
}

/** Shows a node that was just chosen from elsewhere: by the palette, a problem, a name, or a search. */
export function useReveal(target: Revealed | undefined): void {
  const flow = useReactFlow<CanvasNode>();
  useEffect(() => {
    if (!target) return undefined;
    let tries = 0;
    let isShown = showNode(flow, target);
    const timer = setInterval(() => {
      tries += 1;
      isShown ||= showNode(flow, target);
      const place = `.react-flow__node[data-id="${CSS.escape(target.id)}"]`;
      const node = document.querySelector<HTMLElement>(place);
      if (!(isShown && node) && tries < MOST_TRIES) return;
      clearInterval(timer);
      if (target.isShownOnly !== true) node?.focus({ preventScroll: true });
    }, SETTLE_MS);
    return () => clearInterval(timer);
  }, [flow, target]);
}

/** A new node is drawn before it can be shown; one far away is drawn when it is shown. */
const SETTLE_MS = 60;
const MOST_TRIES = 40;
/** What was looked for is to be read. */
const LEAST_ZOOM = 0.5;

/** Brings a node into the middle. @returns whether the canvas knows it */
function showNode(flow: ReactFlowInstance<CanvasNode>, { id, isShownOnly }: Revealed): boolean {
  const node = flow.getInternalNode(id);
  if (!node) return false;
  const { x, y } = node.internals.positionAbsolute;
  const { width = node.initialWidth ?? 0, height = node.initialHeight ?? 0 } = node.measured;
  const zoom = isShownOnly === true ? Math.max(flow.getZoom(), LEAST_ZOOM) : flow.getZoom();
  void flow.setCenter(x + width / 2, y + height / 2, { zoom, duration: 200 });
  return true;
}
