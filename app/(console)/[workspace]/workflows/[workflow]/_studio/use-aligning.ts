import { useReactFlow } from "@xyflow/react";
import { AlignCenter, AlignStart, type DrawnIcon, Spread } from "#/app/_ui/icons.tsx";
import type { CanvasNode } from "../../../_canvas/canvas-nodes.tsx";
import { useCommands } from "../../../_command/bar-store.ts";
import { alignBoxes, type Alignment, ALIGNMENTS, leastBoxes, type NamedBox } from "./align-boxes.ts";
import type { CanvasActions } from "./canvas-actions.ts";

interface AlignLook {
  readonly label: string;
  readonly icon: DrawnIcon;
  /** The drawing is turned: there is one for all sides. */
  readonly turn: string;
}

export const ALIGN_LOOK: Readonly<Record<Alignment, AlignLook>> = {
  left: { label: "Align left", icon: AlignStart, turn: "" },
  center: { label: "Align centers", icon: AlignCenter, turn: "" },
  right: { label: "Align right", icon: AlignStart, turn: "rotate-180" },
  top: { label: "Align top", icon: AlignStart, turn: "rotate-90" },
  middle: { label: "Align middles", icon: AlignCenter, turn: "rotate-90" },
  bottom: { label: "Align bottom", icon: AlignStart, turn: "-rotate-90" },
  across: { label: "Equal space across", icon: Spread, turn: "" },
  down: { label: "Equal space down", icon: Spread, turn: "rotate-90" },
};

/** Puts the chosen steps and notes in order; also from the command bar. Of those in different frames, those beside the first. */
export function useAligning(chosen: readonly string[], onMove: CanvasActions["onMove"]) {
  const flow = useReactFlow<CanvasNode>();
  const align = (how: Alignment) => {
    const moved = alignBoxes(listBoxes(chosen.flatMap((id) => flow.getNode(id) ?? [])), how);
    if (moved.length > 0) onMove(moved);
  };
  const offered = ALIGNMENTS.filter((how) => chosen.length >= leastBoxes(how));
  useCommands(
    offered.map((how) => ({
      id: `align-${how}`,
      label: ALIGN_LOOK[how].label,
      picture: ALIGN_LOOK[how].icon,
      act: () => align(how),
    })),
  );
  return { offered, align };
}

function listBoxes(nodes: readonly CanvasNode[]): readonly NamedBox[] {
  return nodes
    .filter(({ parentId }) => parentId === nodes[0]?.parentId)
    .map(({ id, position, measured, initialWidth = 0, initialHeight = 0 }) => ({
      id,
      x: position.x,
      y: position.y,
      width: measured?.width ?? initialWidth,
      height: measured?.height ?? initialHeight,
    }));
}
