"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "#/app/_ui/icons.tsx";
import { useRef, useState } from "react";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import type { DialogProps } from "#/app/_ui/dialog-props.ts";
import { Notice } from "#/app/_ui/notice.tsx";

/** Of forms: what they carry along hidden takes no focus. */
const FIELDS = "input:not([type=hidden]), select, textarea";

/** Closes a window: at once, not at all, or after a question where something was typed in it. */
function useClosing({ onClose, persistent = false }: Pick<DialogProps, "onClose" | "persistent">) {
  const [isTyped, setTyped] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const close = () => {
    if (persistent) return;
    if (isTyped && !isAsking) setAsking(true);
    else onClose();
  };
  return { isAsking, close, onTyped: () => setTyped(true), onStay: () => setAsking(false) };
}

/**
 * A modal window: focus goes to its first field and stays inside, Escape closes it; what was typed is not lost by that without a question. On narrow
 * screens it is a sheet at the bottom. Use `Dialog`, which loads it.
 */
export function DialogWindow({
  open,
  onClose,
  title,
  description,
  wide = false,
  persistent = false,
  children,
}: DialogProps) {
  const content = useRef<HTMLDivElement>(null);
  const { isAsking, close, onTyped, onStay } = useClosing({ onClose, persistent });
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && close()} disablePointerDismissal={persistent}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 animate-fade-in bg-scrim" />
        <Base.Popup
          // A finger that opens a window has not asked for a keyboard yet.
          initialFocus={(opened) =>
            opened === "touch" || (content.current?.querySelector<HTMLElement>(FIELDS) ?? true)
          }
          className={cn(
            "fixed inset-x-0 bottom-0 z-50 flex max-h-[90dvh] animate-fade-in flex-col rounded-t-xl border border-line-2 bg-raised shadow-high",
            "sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:-translate-1/2 sm:rounded-xl",
            wide ? "sm:w-[min(46rem,calc(100vw-2rem))]" : "sm:w-[min(30rem,calc(100vw-2rem))]",
          )}
        >
          <header className="flex items-start justify-between gap-3 px-5 pt-4">
            <div>
              <Base.Title className="text-base font-semibold">{title}</Base.Title>
              {description && (
                <Base.Description className="text-muted-foreground">{description}</Base.Description>
              )}
            </div>
            {!persistent && (
              <Base.Close
                aria-label="Close"
                className={cn(buttonLook({ variant: "ghost", size: "icon" }), "-mr-2")}
              >
                <X aria-hidden />
              </Base.Close>
            )}
          </header>
          {isAsking && <LeaveQuestion onLeave={onClose} onStay={onStay} />}
          <div ref={content} onChange={onTyped} className="overflow-y-auto px-5 pt-3 pb-5">
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface LeaveQuestionProps {
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

function LeaveQuestion({ onLeave, onStay }: LeaveQuestionProps) {
  const actions = (
    <>
      <Button onClick={onStay}>Keep editing</Button>
      <Button variant="danger" onClick={onLeave}>
        Discard
      </Button>
    </>
  );
  return (
    <Notice tone="warn" title="Discard what you have entered?" actions={actions} className="mx-5 mt-3" />
  );
}
