"use client";
import Link from "next/link";
import { formatDuration } from "#/app/_ui/format.ts";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import { useWorkspacePath } from "../../../_shell/workspace-context.tsx";
import type { StepResult } from "./step-results.ts";

interface StepResultViewProps {
  readonly result: StepResult;
  readonly runId: string;
}

/** What a step was given and what it gave in the run that the canvas shows. */
export function StepResultView({ result, runId }: StepResultViewProps) {
  const path = useWorkspacePath();
  const { status, at, durationMs, input, output, error } = result;
  return (
    <div className="grid gap-3.5">
      <p className="flex items-center gap-3 text-xs text-ink-3">
        <StatusBadge status={status} />
        {at !== undefined && <span className="tabular-nums">{formatDuration(durationMs)}</span>}
        {at !== undefined && (
          <Link
            href={`${path("runs", runId)}?at=${encodeURIComponent(at)}`}
            className="ml-auto rounded-sm text-accent-text underline underline-offset-2"
          >
            Open in the run
          </Link>
        )}
      </p>
      {error && (
        <Notice tone="bad" title="It failed">
          {error.message}
        </Notice>
      )}
      <Value name="Output" value={output} />
      <Value name="Input" value={input} />
    </div>
  );
}

function Value({ name, value }: { readonly name: string; readonly value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <section>
      <h3 className="mb-1 text-xs font-medium text-ink-2">{name}</h3>
      <JsonView value={value} what={name.toLowerCase()} />
    </section>
  );
}
