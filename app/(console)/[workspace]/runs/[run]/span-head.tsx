"use client";
import Link from "next/link";
import { lazy, Suspense, useState } from "react";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { GitFork, X } from "#/app/_ui/icons.tsx";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import type { Run } from "#/operations/runs/contract.ts";
import { StepTile } from "../../_canvas/step-tile.tsx";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { findBeginning, toForkAccount } from "./fork-account.ts";
import type { TimelineGroup } from "./timeline.ts";
import type { Span } from "./_waterfall/span.ts";

/** Loaded when somebody wants to continue from a step. */
const ForkDialog = lazy(() => import("./fork-dialog.tsx").then((module) => ({ default: module.ForkDialog })));

interface SpanHeadProps {
  readonly run: Run;
  readonly span: Span;
  readonly groups: readonly TimelineGroup[];
  /** The type of the step by the definition, if it is known. */
  readonly type: string | undefined;
  readonly titleOf: (step: string) => string;
  readonly catalogue: Catalogue;
  readonly onClose: () => void;
}

/** Names the line that is looked at, and offers what can be done from it. */
export function SpanHead({ run, span, groups, type, titleOf, catalogue, onClose }: SpanHeadProps) {
  const { subject } = span;
  const path = useWorkspacePath();
  const group = subject.kind === "visit" ? subject.group : undefined;
  const isOurs = group !== undefined && groups.some(({ key }) => key === group.key && span.key === key);
  return (
    <header className="px-4 pt-3">
      <div className="flex items-center gap-2">
        {type !== undefined && <StepTile type={type} />}
        <h2 className="min-w-0 flex-1 truncate text-base font-semibold">{span.name}</h2>
        <StatusBadge status={span.status} />
        <Button variant="ghost" size="icon" aria-label="Close the details" onClick={onClose}>
          <X aria-hidden />
        </Button>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-2 empty:hidden">
        {subject.kind === "run" && (
          <Link href={path("runs", subject.run.id)} className={buttonLook()}>
            Open this run
          </Link>
        )}
        {group && isOurs && run.parentId === null && hasBegun(group) && (
          <ForkButton run={run} from={group} groups={groups} titleOf={titleOf} catalogue={catalogue} />
        )}
      </div>
    </header>
  );
}

/** Returns whether the log knows where it began: a step at work for the first time is not there yet. */
const hasBegun = ({ tasks }: TimelineGroup) => tasks.some(({ tries }) => tries.length > 0);

interface ForkButtonProps extends Pick<SpanHeadProps, "run" | "groups" | "titleOf" | "catalogue"> {
  readonly from: TimelineGroup;
}

function ForkButton({ run, from, groups, titleOf, catalogue }: ForkButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} aria-label={`Fork from here: ${titleOf(from.step)}`}>
        <GitFork aria-hidden /> Fork from here
      </Button>
      <Suspense fallback={null}>
        {open && (
          <ForkDialog
            run={run}
            step={from.step}
            superstep={findBeginning(from)}
            occurrence={groups.filter((group) => group.step === from.step).indexOf(from) + 1}
            account={toForkAccount(groups, from)}
            titleOf={titleOf}
            catalogue={catalogue}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </>
  );
}
