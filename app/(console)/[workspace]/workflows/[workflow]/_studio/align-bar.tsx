"use client";
import { Button } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import type { CanvasActions } from "./canvas-actions.ts";
import { ALIGN_LOOK, useAligning } from "./use-aligning.ts";

interface AlignBarProps {
  readonly chosen: readonly string[];
  readonly onMove: CanvasActions["onMove"];
}

/** The buttons that put several chosen steps in order; nothing where only one is chosen. */
export function AlignBar({ chosen, onMove }: AlignBarProps) {
  const { offered, align } = useAligning(chosen, onMove);
  if (offered.length === 0) return null;
  return (
    <div
      role="toolbar"
      aria-label="Put in order"
      className="absolute bottom-16 max-md:bottom-20 left-1/2 z-10 flex -translate-x-1/2 rounded-node border border-line-2 bg-raised p-1 shadow-high"
    >
      {offered.map((how) => {
        const { label, icon: Icon, turn } = ALIGN_LOOK[how];
        return (
          <Button
            key={how}
            variant="ghost"
            size="icon"
            aria-label={label}
            title={label}
            onClick={() => align(how)}
          >
            <Icon aria-hidden className={cn(turn)} />
          </Button>
        );
      })}
    </div>
  );
}
