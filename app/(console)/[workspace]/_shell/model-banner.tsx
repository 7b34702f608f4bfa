"use client";
import { FlaskConical } from "lucide-react";
import { useWorkspace } from "./workspace-context.tsx";

/** Says on every page when what answers is not a real model. */
export function ModelBanner() {
  const { modelNote } = useWorkspace();
  if (modelNote === null) return null;
  return (
    <aside
      aria-label="About the model"
      className="flex items-start gap-2 border-b border-warn/25 bg-warn/8 px-4 py-1.5 text-xs text-warn md:px-7"
    >
      <FlaskConical aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <p className="max-md:line-clamp-2">{modelNote}</p>
    </aside>
  );
}
