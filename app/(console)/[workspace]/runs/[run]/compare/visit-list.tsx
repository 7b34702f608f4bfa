import Link from "next/link";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { formatDuration } from "#/app/_ui/format.ts";
import { ChevronRight } from "#/app/_ui/icons.tsx";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import type { TimelineGroup } from "../timeline.ts";
import { readParts, type VisitPair, type VisitPart } from "./pair-visits.ts";
import { ValueChange } from "./value-change.tsx";

interface VisitListProps {
  readonly pairs: readonly VisitPair[];
  readonly titleOf: (step: string) => string;
  /** The visit whose differences are shown: those of all would have no bound. */
  readonly opened: string | undefined;
  /** Makes the address with a visit opened, or none. */
  readonly addressOf: (visit: string | undefined) => string;
}

const MOST_SHOWN = 300;

/** Shows the steps of two runs beside each other; what differs opens. */
export function VisitList({ pairs, titleOf, opened, addressOf }: VisitListProps) {
  const changed = pairs.filter((pair) => !isSame(pair)).length;
  const more = pairs.length - MOST_SHOWN;
  return (
    <Card aria-label="Steps">
      <CardHeader title="Steps" description={`${pairs.length} steps, ${changed} of them different`} />
      <ul className="divide-y divide-border">
        {pairs.slice(0, MOST_SHOWN).map((pair) => (
          <li key={pair.key}>
            <Visit
              pair={pair}
              title={titleOf(pair.step)}
              isOpen={pair.key === opened}
              href={addressOf(pair.key === opened ? undefined : pair.key)}
            />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p className="border-t border-border px-4 py-2 text-muted-foreground">{`${more} more steps are not shown.`}</p>
      )}
    </Card>
  );
}

const isSame = ({ one, other, differences }: VisitPair) =>
  one !== undefined && other !== undefined && differences.length === 0;

interface LineProps {
  readonly pair: VisitPair;
  readonly title: string;
}

interface VisitProps extends LineProps {
  readonly isOpen: boolean;
  /** The address that opens it, or closes it. */
  readonly href: string;
}

function Visit({ pair, title, isOpen, href }: VisitProps) {
  const { one, other, differences } = pair;
  if (!one || !other || differences.length === 0)
    return (
      <div className="px-4 py-2 pl-10">
        <VisitLine pair={pair} title={title} />
      </div>
    );
  return (
    <>
      <Link
        href={href}
        replace
        scroll={false}
        prefetch={false}
        aria-expanded={isOpen}
        className="flex items-start gap-2 px-4 py-2 -outline-offset-2 hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn("mt-0.5 size-4 shrink-0 text-ink-3", isOpen && "rotate-90")}
        />
        <VisitLine pair={pair} title={title} />
      </Link>
      {isOpen && <Differences one={one} other={other} parts={differences} />}
    </>
  );
}

function VisitLine({ pair, title }: LineProps) {
  const { one, other } = pair;
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-1">
      <span className="min-w-0 flex-1 font-medium break-words">{title}</span>
      <span className="text-xs text-ink-2">{sayDifference(pair)}</span>
      <Side name="First run" visit={one} />
      <Side name="Second run" visit={other} />
    </div>
  );
}

function sayDifference({ one, other, differences }: VisitPair): string {
  if (!other) return "Only in the first run";
  if (!one) return "Only in the second run";
  return differences.length === 0 ? "Same" : `Different ${differences.join(", ")}`;
}

interface SideProps {
  readonly name: string;
  readonly visit: TimelineGroup | undefined;
}

const Side = ({ name, visit }: SideProps) => (
  <span className="flex w-44 items-center justify-between gap-2 max-md:w-full">
    <span className="text-xs text-ink-3 md:sr-only">{name}</span>
    {visit ? (
      <>
        <StatusBadge status={visit.status} />
        <span className="text-xs text-ink-3 tabular-nums">{formatDuration(visit.durationMs)}</span>
      </>
    ) : (
      <span className="text-xs text-ink-3">Not visited</span>
    )}
  </span>
);

interface DifferencesProps {
  readonly one: TimelineGroup;
  readonly other: TimelineGroup;
  readonly parts: readonly VisitPart[];
}

function Differences({ one, other, parts }: DifferencesProps) {
  const [before, now] = [readParts(one), readParts(other)];
  return (
    <dl className="flex flex-col gap-3 px-4 pb-3 md:pl-10">
      {parts
        .filter((part) => part !== "status")
        .map((part) => (
          <div key={part}>
            <dt className="mb-1 text-xs font-medium text-muted-foreground capitalize">{part}</dt>
            <dd>
              <ValueChange before={before[part]} now={now[part]} />
            </dd>
          </div>
        ))}
    </dl>
  );
}
