"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonLook } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { STONE } from "#/app/_ui/state-glyph.tsx";
import type { PiledStone } from "#/app/_ui/stone-pile.tsx";

interface StepRowProps {
  readonly title: string;
  readonly state: PiledStone;
  /** Instructions; of a step that is done, its result. */
  readonly children: ReactNode;
  readonly act?: ReactNode;
  /** What needs the width of the row, below it. */
  readonly below?: ReactNode;
}

const STONES: Readonly<Record<PiledStone, ReactNode>> = {
  laid: <path d={STONE} fill="var(--stone-2)" />,
  here: <path d={STONE} fill="var(--accent)" />,
  open: <path d={STONE} fill="none" stroke="var(--ink-4)" strokeWidth={1.5} />,
};

const TITLE_LOOKS: Readonly<Record<PiledStone, string>> = {
  laid: "text-ink-2",
  here: "font-medium",
  open: "font-medium text-ink-2",
};

/** One of the first steps, as a layer of the pile. */
export function StepRow({ title, state, children, act, below }: StepRowProps) {
  const isHere = state === "here";
  return (
    <li
      data-here={isHere || undefined}
      aria-current={isHere ? "step" : undefined}
      className={cn(
        "grid grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 border-t py-2.5 first:border-transparent [[data-here]+&]:border-transparent",
        isHere
          ? "-mx-3 rounded-md border-transparent bg-accent-soft px-3 contrast:outline-1 contrast:-outline-offset-1 contrast:outline-accent"
          : "border-line",
      )}
    >
      <svg viewBox="0 0 16 16" aria-hidden className="mt-0.5 size-4 self-start">
        {STONES[state]}
      </svg>
      <div className="min-w-0">
        <h3 className={TITLE_LOOKS[state]}>
          {title}
          {state === "laid" && <span className="sr-only"> Done</span>}
        </h3>
        <div className="text-xs text-ink-3">{children}</div>
        {!isHere && act && <div className="text-xs">{act}</div>}
      </div>
      {isHere && act}
      {below && <div className="col-span-2 col-start-2 mt-2 min-w-0">{below}</div>}
    </li>
  );
}

interface StepLinkProps {
  readonly href: string;
  /** The step is the next one to do: its link is the button of the steps. */
  readonly isHere?: boolean;
  readonly children: ReactNode;
}

/** Leads to where a step is done, or to what has come of it. */
export const StepLink = ({ href, isHere = false, children }: StepLinkProps) => (
  <Link
    href={href}
    className={
      isHere
        ? buttonLook({ variant: "primary" })
        : "inline-flex items-center font-medium text-accent-text underline underline-offset-2 touch-target"
    }
  >
    {children}
  </Link>
);
