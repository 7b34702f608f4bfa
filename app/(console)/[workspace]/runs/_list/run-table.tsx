"use client";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import type { RunSummary } from "#/operations/runs/contract.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { RunBadge } from "#/app/_ui/status-badge.tsx";
import { Elapsed, RelativeTime } from "#/app/_ui/time.tsx";
import { TRIGGER_LOOK, TriggerLabel } from "#/app/_ui/trigger-label.tsx";
import { useSoonHydrated } from "#/app/_ui/use-hydrated.ts";
import { useShortcuts } from "../../_keys/use-shortcuts.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { totalUsage } from "../total-usage.ts";
import { type Column, useListSettings } from "./list-settings.ts";
import { dayNamer } from "./read-filter.ts";
import { RunTrail } from "./run-trail.tsx";

interface ColumnLook {
  readonly column: Column;
  readonly label: string;
  readonly look: string;
  readonly show: (run: RunSummary) => ReactNode;
}

const COLUMNS: readonly ColumnLook[] = [
  {
    column: "checkpoints",
    label: "Checkpoints",
    look: "w-31 max-xl:hidden",
    show: (run) => <RunTrail run={run} />,
  },
  {
    column: "trigger",
    label: "Trigger",
    look: "w-26 max-xl:hidden",
    show: (run) => <TriggerLabel kind={run.trigger.kind} />,
  },
  {
    column: "duration",
    label: "Duration",
    look: "w-24 text-right max-lg:hidden",
    show: ({ startedAt, finishedAt }) => <Elapsed from={startedAt} to={finishedAt} />,
  },
  {
    column: "cost",
    label: "Cost",
    look: "w-18 text-right max-xl:hidden",
    show: ({ usage }) => sayUsd(totalUsage(usage).costUsd),
  },
  {
    column: "started",
    label: "Started",
    look: "w-30 text-right max-md:hidden",
    show: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
];

interface RunTableProps {
  readonly runs: readonly RunSummary[];
  /** Now, by the server's clock: rows are put together by days. Without it they stand in one row. */
  readonly now?: number;
  readonly marked?: ReadonlySet<string>;
  /** Without it no row can be marked. */
  readonly onMark?: (id: string) => void;
}

const NONE: ReadonlySet<string> = new Set();

/** Runs as rows of one line, those that need a person first. Narrow screens have two lines that tell it all. */
export function RunTable({ runs, now, marked = NONE, onMark }: RunTableProps) {
  const { hidden } = useListSettings();
  const shown = COLUMNS.filter(({ column }) => !hidden.includes(column));
  // The server does not know where somebody is: until the page is awake, days are those of UTC.
  const zone = useSoonHydrated() ? undefined : "UTC";
  const groups = groupRuns(runs, now, zone);
  const order = groups.flatMap((group) => group.runs);
  const { current, isByKeys, onAt } = useRowKeys(order, onMark);
  return (
    <table className="w-full table-fixed border-collapse">
      <thead className="max-md:sr-only">
        <tr className="border-b border-line text-left text-2xs text-ink-3">
          <Head look="w-48 pl-4 md:pl-6">Status</Head>
          <Head look="w-44 max-xl:w-36">Workflow</Head>
          <Head look="">What happened</Head>
          {shown.map(({ column, label, look }) => (
            <Head key={column} look={cn(look, column === shown.at(-1)?.column && "pr-4 md:pr-6")}>
              {label}
            </Head>
          ))}
        </tr>
      </thead>
      {groups.map(({ name, note, runs: theirs }) => (
        <tbody key={name}>
          {/* It spans what every width shows; a column that is hidden must not be counted, it would take its share of the room. */}
          <tr className={cn("border-b border-line bg-well", name === "" ? "hidden" : "max-md:block")}>
            <th
              scope="rowgroup"
              colSpan={3}
              className="h-7 px-4 text-left text-xs font-medium text-ink-2 max-md:flex max-md:items-center md:px-6"
            >
              {name} <span className="ml-1 font-normal text-ink-3">{note}</span>
            </th>
            {shown.map(({ column, look }) => (
              <td key={column} aria-hidden className={look} />
            ))}
          </tr>
          {theirs.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              columns={shown}
              isCurrent={isByKeys && run.id === current}
              isMarked={marked.has(run.id)}
              onMark={onMark}
              onAt={onAt}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Head({ look, children }: { readonly look: string; readonly children: ReactNode }) {
  return (
    <th scope="col" className={cn("h-8 pr-3 font-medium whitespace-nowrap", look)}>
      {children}
    </th>
  );
}

interface RunGroup {
  readonly name: string;
  readonly note: string;
  readonly runs: readonly RunSummary[];
}

const needsPerson = ({ status, waitingOn }: RunSummary) =>
  status === "paused" || (status === "waiting" && waitingOn === "approval");

function groupRuns(
  runs: readonly RunSummary[],
  now: number | undefined,
  zone: string | undefined,
): readonly RunGroup[] {
  if (now === undefined) return [{ name: "", note: "", runs }];
  const urgent = runs.filter((run) => needsPerson(run));
  const nameDay = dayNamer(now, zone);
  const rest = Map.groupBy(
    runs.filter((run) => !needsPerson(run)),
    ({ createdAt }) => nameDay(createdAt),
  );
  const days = [...rest].map(([name, theirs]) => ({ name, note: "", runs: theirs }));
  const note = urgent.length === 1 ? "1 run waits for a person" : `${urgent.length} runs wait for a person`;
  return urgent.length > 0 ? [{ name: "Needs you", note, runs: urgent }, ...days] : days;
}

interface RowKeys {
  /** The row that the keys are at. */
  readonly current: string | undefined;
  /** The keys have led there, not a click or the focus: it shows that it is the one. */
  readonly isByKeys: boolean;
  /** Somebody has clicked a row, or gone into it: the keys go on from there. */
  readonly onAt: (id: string) => void;
}

const NOWHERE = { current: undefined, isByKeys: false } as const;

/** Goes from row to row with the keys, opens one or marks it. */
function useRowKeys(runs: readonly RunSummary[], onMark: RunTableProps["onMark"]): RowKeys {
  const router = useRouter();
  const path = useWorkspacePath();
  const [at, setAt] = useState<Omit<RowKeys, "onAt">>(NOWHERE);
  const { current } = at;
  const step = (by: number) => {
    const next = runs[runs.findIndex(({ id }) => id === current) + by];
    if (!next) return false;
    leaveRow();
    setAt({ current: next.id, isByKeys: true });
    return true;
  };
  useShortcuts({
    "runs.next": () => step(1),
    "runs.previous": () => step(-1),
    "runs.mark": () => (current === undefined || onMark === undefined ? false : onMark(current)),
    "runs.open": ({ target }) => {
      if (current === undefined || !isFree(target)) return false;
      return router.push(path("runs", current));
    },
  });
  useEffect(() => {
    if (current !== undefined)
      document.querySelector(`#run-${current}`)?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return { ...at, onAt: (id) => setAt({ current: id, isByKeys: false }) };
}

/** What was clicked in another row has the focus no more, or its ring would stay there. */
function leaveRow(): void {
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && activeElement.closest("tr[id^=run-]")) activeElement.blur();
}

/** A link or a button that has the focus keeps its Enter. */
const isFree = (target: EventTarget | null) =>
  !(target instanceof HTMLElement) || target.closest("a, button, summary, input") === null;

interface RunRowProps {
  readonly run: RunSummary;
  readonly columns: readonly ColumnLook[];
  readonly isCurrent: boolean;
  readonly isMarked: boolean;
  readonly onMark: RunTableProps["onMark"];
  readonly onAt: (id: string) => void;
}

function RunRow({ run, columns, isCurrent, isMarked, onMark, onAt }: RunRowProps) {
  const path = useWorkspacePath();
  return (
    <tr
      id={`run-${run.id}`}
      onPointerDown={() => onAt(run.id)}
      onFocus={() => onAt(run.id)}
      className={cn(
        "relative h-16 border-b border-line last:border-0 hover:bg-hover md:h-9",
        (isCurrent || isMarked) && "bg-accent-soft hover:bg-accent-soft",
        isCurrent && "outline-2 -outline-offset-2 outline-accent",
      )}
    >
      <td className="pr-3 pl-4 max-md:hidden md:pl-6">
        <span className="flex items-center">
          {onMark && (
            <input
              type="checkbox"
              aria-label={`Mark the run of ${run.workflowName ?? "a deleted workflow"}`}
              checked={isMarked}
              onChange={() => onMark(run.id)}
              className="relative z-10 mr-2 -ml-4 size-3.5 accent-accent opacity-0 checked:opacity-100 focus-visible:opacity-100 [tr:hover_&]:opacity-100"
            />
          )}
          <RunBadge run={run} />
        </span>
      </td>
      <td className="truncate pr-3 max-md:hidden">
        {/* The link covers its row. */}
        <RowLink
          href={path("runs", run.id)}
          isCurrent={isCurrent}
          className="font-medium after:absolute after:inset-0"
        >
          {run.workflowName ?? "Deleted workflow"}
        </RowLink>
        {run.version !== null && <span className="ml-1.5 text-xs text-ink-3">{`v${run.version}`}</span>}
        {run.try && <TryMark />}
      </td>
      <td className="overflow-hidden px-4 md:pr-3 md:pl-0">
        <NarrowHead run={run} />
        <Happened run={run} />
      </td>
      {columns.map(({ column, look, show }) => (
        <td
          key={column}
          className={cn(
            "pr-3 text-xs whitespace-nowrap text-ink-2 last:pr-4 md:last:pr-6",
            look,
            column === "started" && "text-ink-3",
          )}
        >
          {show(run)}
        </td>
      ))}
    </tr>
  );
}

const TryMark = () => <span className="ml-1.5 rounded-sm bg-hover px-1 text-xs text-ink-3">Try</span>;

/** The first line of a narrow row. */
function NarrowHead({ run }: { readonly run: RunSummary }) {
  const path = useWorkspacePath();
  return (
    <span className="flex items-center gap-2 md:hidden">
      <RowLink
        href={path("runs", run.id)}
        className="min-w-0 truncate font-medium after:absolute after:inset-0"
      >
        {run.workflowName ?? "Deleted workflow"}
      </RowLink>
      {run.try && <TryMark />}
      <span className="ml-auto flex shrink-0 items-center gap-2 text-xs text-ink-3">
        <RunBadge run={run} />
        <RelativeTime at={run.createdAt} />
      </span>
    </span>
  );
}

function Happened({ run }: { readonly run: RunSummary }) {
  const isBad = run.status === "failed" || run.status === "timed_out";
  return (
    <span
      title={run.summary ?? TRIGGER_LOOK[run.trigger.kind]?.label}
      className={cn(
        "block truncate",
        isBad ? "font-medium text-fail-text" : needsPerson(run) ? "font-medium text-ink" : "text-ink-2",
      )}
    >
      {run.summary ?? "–"}
    </span>
  );
}
