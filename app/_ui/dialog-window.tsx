"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useRef } from "react";
import { buttonLook } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import type { DialogProps } from "#/app/_ui/dialog-props.ts";

/** A modal window: focus goes to its first field and stays inside, Escape closes it. On narrow screens it is a sheet at the bottom. Use `Dialog`, which loads it. */
export function DialogWindow({ open, onClose, title, description, wide = false, children }: DialogProps) {
  const content = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 animate-fade-in bg-black/45" />
        <Base.Popup
          // A finger that opens a window has not asked for a keyboard yet.
          initialFocus={(opened) => opened === "touch" || (content.current?.querySelector<HTMLElement>("input, select, textarea") ?? true)}
          className={cn(
            "fixed inset-x-0 bottom-0 z-50 flex max-h-[90dvh] animate-fade-in flex-col rounded-t-xl border border-border bg-popover shadow-xl",
            "sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:-translate-1/2 sm:rounded-xl",
            wide ? "sm:w-[min(46rem,calc(100vw-2rem))]" : "sm:w-[min(30rem,calc(100vw-2rem))]",
          )}
        >
          <header className="flex items-start justify-between gap-3 px-5 pt-4">
            <div>
              <Base.Title className="text-base font-semibold">{title}</Base.Title>
              {description && <Base.Description className="text-muted-foreground">{description}</Base.Description>}
            </div>
            <Base.Close aria-label="Close" className={cn(buttonLook({ variant: "ghost", size: "icon" }), "-mr-2")}>
              <X aria-hidden />
            </Base.Close>
          </header>
          <div ref={content} className="overflow-y-auto px-5 pt-3 pb-5">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
