import Link from "next/link";
import type { ReactNode } from "react";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { formatCount } from "#/app/_ui/format.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { RunBadge } from "#/app/_ui/status-badge.tsx";
import { Elapsed, RelativeTime } from "#/app/_ui/time.tsx";
import type { Run } from "#/operations/runs/contract.ts";
import { totalUsage } from "../../total-usage.ts";
import type { TimelineGroup } from "../timeline.ts";
import { pairVisits } from "./pair-visits.ts";
import { RunPath } from "./run-path.tsx";
import { ValueChange } from "./value-change.tsx";
import { VisitList } from "./visit-list.tsx";

/** A run with what it did. */
export interface ComparedRun {
  readonly run: Run;
  readonly visits: readonly TimelineGroup[];
  /** True if its log is longer than what is compared. */
  readonly isCut: boolean;
}

interface RunComparisonProps {
  readonly one: ComparedRun;
  readonly other: ComparedRun;
  /** The address of the list of runs. */
  readonly home: string;
  readonly titleOf: (step: string) => string;
  /** The visit to a step whose differences are shown. */
  readonly opened: string | undefined;
}

/** Shows two runs beside each other: their facts, then what they were given and have made, then each step. */
export function RunComparison({ one, other, home, titleOf, opened }: RunComparisonProps) {
  const pairs = pairVisits(one.visits, other.visits);
  const addressOf = (visit: string | undefined) => {
    const query = new URLSearchParams({ with: other.run.id, ...(visit !== undefined && { visit }) });
    return `${home}/${one.run.id}/compare?${query}`;
  };
  return (
    <div className="flex flex-col gap-4">
      <div>
        <RunPath home={home} run={one.run} />
        <PageHeader
          title="Compare runs"
          description="A red line stands in the first run only, a green one in the second only."
        />
        <Facts one={one.run} other={other.run} home={home} />
      </div>
      {one.run.workflowId !== other.run.workflowId && (
        <Notice tone="info" title="These are runs of two workflows">
          Steps are held against each other where they have the same id.
        </Notice>
      )}
      {(one.isCut || other.isCut) && (
        <Notice tone="info" title="Only the beginning is compared">
          A run has more than 2,000 lines in its log. What came after them is not shown here.
        </Notice>
      )}
      <Whole title="Input" before={one.run.input} now={other.run.input} />
      <Whole title="Output" before={one.run.output} now={other.run.output} />
      <Whole title="Error" before={one.run.error} now={other.run.error} />
      <VisitList pairs={pairs} titleOf={titleOf} opened={opened} addressOf={addressOf} />
    </div>
  );
}

interface FactsProps {
  readonly one: Run;
  readonly other: Run;
  readonly home: string;
}

interface FactRow {
  readonly name: string;
  readonly show: (run: Run) => ReactNode;
}

const FACTS: readonly FactRow[] = [
  { name: "Status", show: (run) => <RunBadge run={run} /> },
  { name: "Workflow", show: ({ workflowName }) => workflowName ?? "Deleted workflow" },
  { name: "Version", show: ({ version }) => (version === null ? "changed for this run" : `v${version}`) },
  { name: "Started", show: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { name: "Duration", show: ({ startedAt, finishedAt }) => <Elapsed from={startedAt} to={finishedAt} /> },
  { name: "Tokens", show: ({ usage }) => formatCount(sumTokens(usage)) },
  { name: "Cost", show: ({ usage }) => sayUsd(totalUsage(usage).costUsd) },
];

function sumTokens(usage: Run["usage"]): number {
  const { inputTokens, outputTokens } = totalUsage(usage);
  return inputTokens + outputTokens;
}

const Facts = ({ one, other, home }: FactsProps) => (
  <Card className="overflow-x-auto">
    <table className="w-full text-left">
      <thead>
        <tr className="border-b border-border">
          <th scope="col" className="w-28 px-4 py-2 text-xs font-medium text-muted-foreground">
            Fact
          </th>
          <RunHead name="First run" run={one} home={home} />
          <RunHead name="Second run" run={other} home={home} />
        </tr>
      </thead>
      <tbody>
        {FACTS.map(({ name, show }) => (
          <tr key={name}>
            <th scope="row" className="px-4 py-1 text-xs font-medium text-muted-foreground">
              {name}
            </th>
            <td className="px-4 py-1">{show(one)}</td>
            <td className="px-4 py-1">{show(other)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Card>
);

interface RunHeadProps {
  readonly name: string;
  readonly run: Run;
  readonly home: string;
}

const RunHead = ({ name, run, home }: RunHeadProps) => (
  <th scope="col" className="px-4 py-2 font-medium whitespace-nowrap">
    {name}{" "}
    <Link
      href={`${home}/${run.id}`}
      aria-label={`Open the ${name.toLowerCase()}, ${run.id.slice(-6)}`}
      className="ml-1 font-mono text-xs text-primary underline underline-offset-2 touch-target"
    >
      {run.id.slice(-6)}
    </Link>
  </th>
);

interface WholeProps {
  readonly title: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** Nothing where neither run has the part. */
function Whole({ title, before, now }: WholeProps) {
  if ((before ?? null) === null && (now ?? null) === null) return null;
  return (
    <Card aria-label={title}>
      <CardHeader title={title} />
      <div className="px-4 py-3">
        <ValueChange before={before} now={now} />
      </div>
    </Card>
  );
}
