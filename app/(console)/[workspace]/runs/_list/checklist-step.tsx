"use client";
import { Circle, CircleCheck } from "#/app/_ui/icons.tsx";
import type { ReactNode } from "react";
import { cn } from "#/app/_ui/class-names.ts";

interface ChecklistStepProps {
  readonly title: string;
  readonly done: boolean;
  /** Instructions; for a step that is done, its result. */
  readonly children: ReactNode;
}

export function ChecklistStep({ title, done, children }: ChecklistStepProps) {
  const Icon = done ? CircleCheck : Circle;
  return (
    <li className="-mt-px -ml-px flex gap-3 border-t border-l border-border px-4 py-3 has-[pre]:col-span-full">
      <Icon
        aria-hidden
        className={cn("mt-0.5 size-4.5 shrink-0", done ? "text-ok" : "text-muted-foreground")}
      />
      <div className="min-w-0 flex-1">
        <h3 className={cn("font-medium", done && "text-muted-foreground")}>
          {title}
          {done && <span className="ml-2 text-xs text-ink-3">Done</span>}
        </h3>
        <div className="mt-0.5 text-[0.8125rem] text-muted-foreground">{children}</div>
      </div>
    </li>
  );
}
