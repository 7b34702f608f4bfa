"use client";
import { ArrowRight, ChevronRight } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import type { ReactNode } from "react";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";

interface DetailFrameProps {
  readonly label: string;
  readonly badge: ReactNode;
  readonly title: string;
  readonly facts: ReactNode;
  readonly runId: string;
  /** The item's place in the list: 2 of 4. */
  readonly place: string;
  readonly onBack: () => void;
  readonly children: ReactNode;
}

/** One item of the inbox in full, with the way to its run and, on a narrow screen, back to the list. */
export function DetailFrame({
  label,
  badge,
  title,
  facts,
  runId,
  place,
  onBack,
  children,
}: DetailFrameProps) {
  const path = useWorkspacePath();
  return (
    <article aria-label={label} className="flex flex-1 flex-col">
      <header className="border-b border-line px-4 pt-2 pb-4 md:px-8 md:pt-5">
        <button
          type="button"
          onClick={onBack}
          className="-ml-1 flex items-center gap-1 rounded-sm py-0.5 pr-2 text-ink-3 touch-target lg:hidden"
        >
          <ChevronRight aria-hidden className="size-4 rotate-180" /> Inbox
        </button>
        <div className="flex items-center justify-between gap-3">
          {badge}
          <span className="flex items-center gap-3 text-xs text-ink-3">
            <span className="whitespace-nowrap max-lg:hidden">{place}</span>
            <span aria-hidden className="flex gap-1 max-lg:hidden">
              <MoveKey name="J" />
              <MoveKey name="K" />
            </span>
            <Link
              href={path("runs", runId)}
              className="inline-flex items-center gap-1 rounded-sm font-medium text-accent-text touch-target"
            >
              Open run <ArrowRight aria-hidden className="size-3.5" />
            </Link>
          </span>
        </div>
        <h2 className="mt-2 text-lg font-semibold text-balance break-words">{title}</h2>
        <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">{facts}</p>
      </header>
      <div className="flex flex-1 flex-col gap-5 px-4 pt-4 md:px-8 md:pt-5">{children}</div>
    </article>
  );
}

const MoveKey = ({ name }: { readonly name: string }) => (
  <kbd className="grid h-5 min-w-5 place-items-center rounded-sm border border-line-2 px-1 text-2xs font-medium">
    {name}
  </kbd>
);
