"use client";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { formatCount } from "#/app/_ui/format.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { ProgressBar } from "#/app/_ui/progress-bar.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useLimits } from "../_data/limits.ts";
import { LimitsForm } from "./limits-form.tsx";

/** Shows what the workspace has used this month, and how much it may. */
export function LimitsCard({ allowed }: { readonly allowed: boolean }) {
  const { data, error, isPending, refetch } = useLimits();
  return (
    <Card id="limits" aria-label="Usage and limits">
      <CardHeader
        title="Usage and limits"
        description="Leave a field empty for no limit. A model call that could exceed a monthly limit is not made before somebody raises it."
      />
      {isPending && <SkeletonRows rows={3} />}
      {!isPending && !data && <LoadProblem what="limits" error={error} onRetry={() => void refetch()} />}
      {data && (
        <div className="flex flex-col gap-4 p-4">
          <Used
            what="Tokens this month"
            used={data.month.tokens}
            most={data.limits.monthly?.maxTokens}
            format={formatCount}
          />
          <Used
            what="Cost this month"
            used={data.month.costUsd}
            most={data.limits.monthly?.maxCostUsd}
            format={sayUsd}
          />
          {allowed ? (
            <LimitsForm limits={data.limits} />
          ) : (
            <p className="text-muted-foreground">Only admins can change limits.</p>
          )}
        </div>
      )}
    </Card>
  );
}

interface UsedProps {
  readonly what: string;
  readonly used: number;
  readonly most: number | undefined;
  readonly format: (value: number) => string;
}

function Used({ what, used, most, format }: UsedProps) {
  return (
    <div className="flex flex-col gap-1">
      <p className="flex justify-between gap-3 text-sm">
        <span>{what}</span>
        <span className="text-muted-foreground">
          {most === undefined ? format(used) : `${format(used)} of ${format(most)}`}
        </span>
      </p>
      {most !== undefined && most > 0 && <ProgressBar label={what} part={Math.min(1, used / most)} />}
    </div>
  );
}
