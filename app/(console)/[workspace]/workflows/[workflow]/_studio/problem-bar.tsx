"use client";
import { Check, ChevronUp, TriangleAlert } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import type { LocatedProblem } from "../../../_definition/check-text.ts";

interface ProblemBarProps {
  /** Undefined while nothing has been checked yet. */
  readonly problems: readonly LocatedProblem[] | undefined;
  /** Warnings of what will fail in a run, as far as the saved draft goes. */
  readonly warnings: readonly Warning[];
  readonly onGo: (problem: Warning) => void;
}

type Warning = Pick<LocatedProblem, "path" | "message"> & Partial<LocatedProblem>;

/** The problems to fix before the draft can be published. Each leads to its step and field. */
export function ProblemBar({ problems, warnings, onGo }: ProblemBarProps) {
  const [isOpen, setOpen] = useState(false);
  const found = problems ?? [];
  const listed: readonly Warning[] = found.length > 0 ? found : warnings;
  return (
    <section aria-label="Problems" className="shrink-0 border-t border-line bg-sheet text-xs">
      {isOpen && (
        <ul className="max-h-48 overflow-y-auto border-b border-line py-1">
          {listed.map((problem) => (
            <li key={`${problem.path} ${problem.message}`}>
              <Line problem={problem} onGo={onGo} />
            </li>
          ))}
        </ul>
      )}
      <div className="flex min-h-9 items-center gap-3 px-4">
        <button
          type="button"
          aria-expanded={isOpen}
          disabled={listed.length === 0}
          onClick={() => setOpen(!isOpen)}
          className={cn(
            "flex shrink-0 items-center gap-1.5 py-1 font-medium",
            found.length > 0 ? "text-fail-text" : "text-ink-2",
          )}
        >
          <Summary problems={problems} warnings={warnings.length} />
          {listed.length > 0 && <ChevronUp aria-hidden className={cn("size-3.5", isOpen && "rotate-180")} />}
        </button>
        {!isOpen && listed[0] && <Line problem={listed[0]} onGo={onGo} />}
      </div>
    </section>
  );
}

interface SummaryProps {
  readonly problems: readonly LocatedProblem[] | undefined;
  readonly warnings: number;
}

function Summary({ problems, warnings }: SummaryProps) {
  if (problems === undefined) return "Checking…";
  if (problems.length > 0)
    return (
      <>
        <TriangleAlert aria-hidden className="size-3.5" />
        <output>{problems.length === 1 ? "1 problem" : `${problems.length} problems`}</output>
      </>
    );
  return (
    <>
      <Check aria-hidden className="size-3.5 text-ok" />
      <output>{warnings === 0 ? "Ready to publish" : `Ready to publish, ${warnings} to know`}</output>
    </>
  );
}

interface LineProps {
  readonly problem: Warning;
  readonly onGo: (problem: Warning) => void;
}

function Line({ problem, onGo }: LineProps) {
  const { path, message, suggestion } = problem;
  return (
    <button
      type="button"
      onClick={() => onGo(problem)}
      className="flex w-full min-w-0 items-baseline gap-2 truncate px-4 py-1 text-left text-ink-2 hover:bg-hover"
    >
      <span className="truncate">
        {message}
        {suggestion !== undefined && ` Did you mean “${suggestion}”?`}
      </span>
      <span className="truncate font-mono text-2xs text-ink-3">{path}</span>
    </button>
  );
}
