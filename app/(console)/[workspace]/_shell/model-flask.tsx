"use client";
import { FlaskConical } from "#/app/_ui/icons.tsx";
import { useId } from "react";
import { buttonLook } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { useWorkspace } from "./workspace-context.tsx";

/** A flask that tells, when it is pressed, that what answers is not a real model. */
export function ModelFlask({ className }: { readonly className: string }) {
  const { modelNote } = useWorkspace();
  const id = useId();
  if (modelNote === null) return null;
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label="About the model"
        title="Model: offline demo"
        className={buttonLook({ variant: "ghost", size: "icon" })}
      >
        <FlaskConical aria-hidden />
      </button>
      <p
        id={id}
        popover="auto"
        className={cn(
          "fixed inset-auto m-0 w-72 rounded-lg border border-line-2 bg-raised p-3 text-xs text-ink-2 shadow-high",
          className,
        )}
      >
        {modelNote}
      </p>
    </>
  );
}
