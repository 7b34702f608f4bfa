"use client";
import { useEffect } from "react";
import { Toaster, toast } from "sonner";
import { startErrorReporting } from "#/app/_ui/start-error-reporting.ts";
import { openToasts } from "#/app/_ui/toast.ts";

/** The corner where toasts appear. Loaded after the page, which shows none at once. */
export function Toasts() {
  // A child's effects come first: the corner listens before it is told anything.
  useEffect(() => openToasts((kind, text) => void toast[kind](text)), []);
  // Here, since nothing of it belongs to what a page loads first.
  useEffect(() => void startErrorReporting(), []);
  return (
    <Toaster
      theme="system"
      position="bottom-right"
      mobileOffset={{ bottom: "4.5rem" }}
      toastOptions={{ className: "!bg-raised !text-ink !border-line-2 !shadow-high" }}
    />
  );
}
