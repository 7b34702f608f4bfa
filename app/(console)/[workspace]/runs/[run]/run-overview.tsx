"use client";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { JsonView } from "#/app/_ui/json-view.tsx";
import type { Run } from "#/operations/runs/contract.ts";
import { CostMeter } from "./cost-meter.tsx";
import type { LiveTask } from "./live-tasks.ts";
import { RunExport } from "./run-export.tsx";
import { RunOutput } from "./run-output.tsx";

/** Shows the input and the output of a run, while no step is chosen. */
export function RunOverview({ run, live }: { readonly run: Run; readonly live: readonly LiveTask[] }) {
  return (
    <div className="flex flex-col gap-5 p-4">
      {isEnded(run.status) && <RunOutput output={run.output} />}
      <CostMeter run={run} live={live} />
      <section aria-label="Input">
        <h2 className="mb-1.5 font-semibold">Input</h2>
        {Object.keys(run.input).length === 0 ? (
          <p className="text-ink-3">It was started without input.</p>
        ) : (
          <JsonView value={run.input} what="input" />
        )}
      </section>
      <RunExport run={run} />
    </div>
  );
}
