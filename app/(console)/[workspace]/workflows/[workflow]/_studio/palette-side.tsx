"use client";
import { useRef, useState } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { type Addable, Palette } from "./palette.tsx";

/** The palette's state: beside the canvas there is room for it only on wide screens; elsewhere it lies over it while it is open. */
export function usePalette() {
  const [isOpen, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const open = () => {
    setOpen(true);
    requestAnimationFrame(() => field.current?.focus());
  };
  return { isOpen, field, open, close: () => setOpen(false) };
}

export type PaletteState = ReturnType<typeof usePalette>;

interface PaletteSideProps {
  readonly palette: PaletteState;
  readonly onAdd: (type: Addable) => void;
}

/** The palette, beside the canvas or over it. */
export function PaletteSide({ palette: { isOpen, field, close }, onAdd }: PaletteSideProps) {
  return (
    <div
      className={cn(
        "min-h-0 border-line bg-sheet max-md:absolute max-md:inset-0 max-md:z-20 md:grid md:border-r",
        !isOpen && "max-md:hidden",
      )}
    >
      <Palette
        ref={field}
        onClose={close}
        onAdd={(type) => {
          close();
          onAdd(type);
        }}
      />
    </div>
  );
}
