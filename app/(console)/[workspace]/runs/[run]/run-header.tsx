"use client";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { ChevronRight, WifiOff } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Run } from "#/operations/runs/contract.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { buttonLook } from "#/app/_ui/button.tsx";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { formatCount } from "#/app/_ui/format.ts";
import { RunBadge } from "#/app/_ui/status-badge.tsx";
import { Elapsed, RelativeTime } from "#/app/_ui/time.tsx";
import { TriggerLabel } from "#/app/_ui/trigger-label.tsx";
import { totalUsage } from "../total-usage.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { isRefusedStart } from "./refused-start.ts";
import { ReplayButton } from "./replay-button.tsx";
import { RunActions } from "./run-actions.tsx";

interface RunHeaderProps {
  readonly run: Run;
  readonly connected: boolean;
  /** The last moment of the run that is known. */
  readonly seenAt: string | null;
  readonly titleOf: (step: string) => string;
  readonly onChanged: (run: Run) => void;
}

export function RunHeader({ run, connected, seenAt, titleOf, onChanged }: RunHeaderProps) {
  return (
    <header className="px-4 pt-3 pb-4 md:px-6">
      <Breadcrumbs run={run} />
      <div className="mt-1 flex min-h-8 flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold tracking-tight">
          {run.workflowName ?? "Deleted workflow"}
          {run.part && (
            <span className="font-normal text-muted-foreground">{`${run.part.step}, item ${run.part.index + 1}`}</span>
          )}
          <RunBadge run={run} />
          {run.try && <Badge>Try</Badge>}
          {!connected && (
            <Badge>
              <WifiOff aria-hidden className="size-3.5" /> Reconnecting
            </Badge>
          )}
        </h1>
        <div className="flex flex-wrap items-center gap-2">
          <StudioLink run={run} />
          <CompareLink run={run} />
          {isEnded(run.status) ? (
            canReplay(run) && <ReplayButton run={run} />
          ) : (
            <RunActions run={run} onChanged={onChanged} />
          )}
        </div>
      </div>
      <Facts run={run} seenAt={seenAt} titleOf={titleOf} />
    </header>
  );
}

/** Leads to the draft with the results of this run on its steps, to go on from there. */
function StudioLink({ run: { id, workflowId, part } }: { readonly run: Run }) {
  const path = useWorkspacePath();
  if (workflowId === null || part) return null;
  return (
    <Link
      href={`${path("workflows", workflowId)}?try=${id}`}
      prefetch={false}
      className={buttonLook({ variant: "ghost" })}
    >
      Open in studio
    </Link>
  );
}

function CompareLink({ run }: { readonly run: Run }) {
  const path = useWorkspacePath();
  return (
    <Link
      href={path("runs", run.id, "compare")}
      prefetch={false}
      className={buttonLook({ variant: "ghost" })}
    >
      Compare
    </Link>
  );
}

function Breadcrumbs({ run }: { readonly run: Run }) {
  const path = useWorkspacePath();
  return (
    <nav
      aria-label="Breadcrumbs"
      className="flex items-center gap-x-1.5 whitespace-nowrap text-ink-3 [&>svg]:shrink-0"
    >
      <Link href={path("runs")} className="touch-target py-0.5 hover:text-ink max-md:py-3">
        Runs
      </Link>
      {run.parentId !== null && (
        <>
          <ChevronRight aria-hidden className="size-3.5" />
          <Link href={path("runs", run.parentId)} className="touch-target py-0.5 hover:text-ink max-md:py-3">
            Parent run
          </Link>
        </>
      )}
      {run.workflowId !== null && (
        <>
          <ChevronRight aria-hidden className="size-3.5" />
          <Link
            href={path("workflows", run.workflowId)}
            className="min-w-0 truncate touch-target py-0.5 hover:text-ink max-md:py-3"
          >
            {run.workflowName ?? "Workflow"}
          </Link>
        </>
      )}
      <ChevronRight aria-hidden className="size-3.5" />
      <span className="font-mono text-xs text-ink" title={run.id}>
        {run.id.slice(-6)}
      </span>
    </nav>
  );
}

/** A part of another run is replayed with that run; a run that could not start has nothing to replay. */
const canReplay = ({ parentId, error }: Run): boolean => parentId === null && !isRefusedStart(error);

interface FactsProps {
  readonly run: Run;
  readonly seenAt: string | null;
  readonly titleOf: (step: string) => string;
}

function Facts({ run, seenAt, titleOf }: FactsProps) {
  const path = useWorkspacePath();
  const { savedTokens = 0, savedUsd = 0, children } = run.usage;
  const { inputTokens, outputTokens, costUsd } = totalUsage(run.usage);
  const ofChildren = children
    ? `; ${children.inputTokens} and ${children.outputTokens} of them by runs that it has started`
    : "";
  return (
    <dl className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-2">
      <Fact name="Trigger">
        <TriggerLabel kind={run.trigger.kind} />
      </Fact>
      <Fact name="Version">{nameVersion(run)}</Fact>
      <Fact name="Started">
        <RelativeTime at={run.createdAt} />
      </Fact>
      <Fact name="Duration">
        <Elapsed from={run.startedAt} to={run.finishedAt} seenAt={seenAt} />
      </Fact>
      <Fact name="Tokens">
        <span title={`${inputTokens} in, ${outputTokens} out${ofChildren}`}>
          {`${formatCount(inputTokens + outputTokens)} tokens`}
        </span>
      </Fact>
      <Fact name="Cost">{sayUsd(costUsd)}</Fact>
      {savedTokens > 0 && (
        <Fact name="Saved">{`${formatCount(savedTokens)} tokens, ${sayUsd(savedUsd)} saved`}</Fact>
      )}
      {run.forkedFrom !== null && (
        <Fact name="Continues from">
          <Link
            href={path("runs", run.forkedFrom)}
            className="text-primary underline underline-offset-2 touch-target"
          >
            continues from an earlier run
          </Link>
        </Fact>
      )}
      <Fact name="Checkpoints">
        <CheckpointsLink run={run} titleOf={titleOf} />
      </Fact>
    </dl>
  );
}

/** Names what a run ran: a version, or a definition of its own. */
function nameVersion({ version, try: isTry, forkedFrom }: Run): string {
  if (version !== null) return `v${version}`;
  return isTry && forkedFrom === null ? "draft" : "changed for this run";
}

/** Loaded when somebody wants to see them. */
const CheckpointsDialog = lazy(() =>
  import("./checkpoints-dialog.tsx").then((module) => ({ default: module.CheckpointsDialog })),
);

const MOST_STONES = 10;

function CheckpointsLink({ run, titleOf }: Omit<FactsProps, "seenAt">) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        title="Show the state at each"
        onClick={() => setOpen(true)}
        className="relative flex items-center gap-2 after:absolute after:-inset-2 hover:text-ink"
      >
        <span aria-hidden className="flex gap-0.5">
          {Array.from({ length: Math.min(run.step, MOST_STONES) }, (_, stone) => (
            <i key={stone} className="pebble h-1.5 w-2 bg-stone" />
          ))}
        </span>
        {run.step === 1 ? "1 checkpoint kept" : `${run.step} checkpoints kept`}
      </button>
      <Suspense fallback={null}>
        {open && <CheckpointsDialog runId={run.id} titleOf={titleOf} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="sr-only">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
