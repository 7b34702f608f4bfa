"use client";
import type { Run } from "#/operations/runs/contract.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { formatCount } from "#/app/_ui/format.ts";
import { useUsualCost } from "../../_data/runs.ts";
import type { LiveTask } from "./live-tasks.ts";
import { type Meter, readMeters, scaleMeter } from "./meter.ts";

interface CostMeterProps {
  readonly run: Run;
  readonly live: readonly LiveTask[];
}

/** The spending of a run so far with all that it has started, what is set aside for calls under way, its limits, and what is usual. */
export function CostMeter({ run, live }: CostMeterProps) {
  // A part of a run, or a run that another one has started, costs what it is given to do.
  return run.workflowId === null || run.parentId !== null ? (
    <MeterCard run={run} live={live} />
  ) : (
    <MeterBesideUsual run={run} live={live} workflowId={run.workflowId} />
  );
}

function MeterBesideUsual({ run, live, workflowId }: CostMeterProps & { readonly workflowId: string }) {
  return <MeterCard run={run} live={live} estimate={useUsualCost(workflowId).data} />;
}

type MeterCardProps = CostMeterProps & { readonly estimate?: Parameters<typeof readMeters>[2] };

function MeterCard({ run, live, estimate }: MeterCardProps) {
  const { cost, tokens } = readMeters(run, live, estimate);
  return (
    <Card aria-label="Cost">
      <CardHeader title="Cost" {...(run.usage.children && { description: "With all that it has started" })} />
      <div className="flex flex-col gap-3 p-4">
        <MeterView
          name="Cost"
          meter={cost}
          format={sayUsd}
          isBarShown={cost.limit !== undefined || tokens.limit === undefined}
        />
        <MeterView
          name="Tokens"
          meter={tokens}
          format={formatCount}
          isBarShown={tokens.limit !== undefined}
        />
      </div>
    </Card>
  );
}

interface MeterViewProps {
  readonly name: string;
  readonly meter: Meter;
  readonly format: (value: number) => string;
  readonly isBarShown: boolean;
}

function MeterView({ name, meter, format, isBarShown }: MeterViewProps) {
  const { spent, aside, limit, usual } = meter;
  const parts = isBarShown ? scaleMeter(meter) : undefined;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex items-baseline justify-between gap-2">
        <span className="text-xs text-muted-foreground">{name}</span>
        <span>
          <span className="font-semibold">{format(spent)}</span>
          {limit !== undefined && <span className="text-muted-foreground"> of {format(limit)}</span>}
        </span>
      </p>
      {parts && <MeterBar {...parts} />}
      <p className="flex flex-wrap justify-between gap-x-3 text-xs text-muted-foreground empty:hidden">
        {aside === undefined && <span>a call of unknown price under way</span>}
        {aside !== undefined && aside > 0 && <span>up to {format(aside)} set aside</span>}
        {usual && <span className="ml-auto">usually {range(usual, format)}</span>}
      </p>
    </div>
  );
}

function range([typical, high]: readonly [number, number], format: MeterViewProps["format"]): string {
  return format(typical) === format(high) ? format(typical) : `${format(typical)} to ${format(high)}`;
}

/** The same as the words beside it: spent is full, set aside is hatched, and a mark stands where half of the runs have stopped. */
function MeterBar({ spent, aside, usual }: NonNullable<ReturnType<typeof scaleMeter>>) {
  return (
    <div aria-hidden className="relative flex h-2 overflow-hidden rounded-tag bg-press contrast:border">
      <span className="bg-tarn transition-[width] duration-calm" style={{ width: percent(spent) }} />
      <span
        className="bg-[repeating-linear-gradient(-45deg,var(--tarn)_0_2px,transparent_2px_5px)] transition-[width] duration-calm"
        style={{ width: percent(aside) }}
      />
      {usual !== undefined && (
        <span aria-hidden className="absolute inset-y-0 w-px bg-ink-3" style={{ left: percent(usual) }} />
      )}
    </div>
  );
}

const percent = (part: number) => `${(part * 100).toFixed(2)}%`;
