"use client";
import { lazy, type ReactNode, Suspense } from "react";
import type { DialogProps } from "#/app/_ui/dialog-props.ts";

/** Loaded when the first window opens: no page shows one at once. */
const DialogWindow = lazy(() =>
  import("#/app/_ui/dialog-window.tsx").then((module) => ({ default: module.DialogWindow })),
);

/** A modal window, in the page only while it is open. */
export function Dialog(props: DialogProps) {
  if (!props.open) return null;
  return (
    <Suspense fallback={null}>
      <DialogWindow {...props} />
    </Suspense>
  );
}

/** The buttons at the end of a dialog, the one that continues last. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>;
}
