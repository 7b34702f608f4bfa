"use client";
import { useEffect, useState } from "react";
import { formatDistance, formatDuration } from "#/app/_ui/format.ts";

const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** Writes a moment as it is told exactly: 29 Nov 2026, 10:00:00. */
export const writeMoment = (at: number): string => exact.format(at);

/** The time, renewed every `everyMs`; 0 stands still. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === 0) return undefined;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** What depends on how far away a moment is is drawn anew so often. */
export const RENEW_MS = 10_000;

/** Shows how far away a moment is; the exact time on hover. The server's clock and zone may differ, so its text may be replaced. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow(RENEW_MS);
  const moment = new Date(at);
  return (
    <time dateTime={at} title={exact.format(moment)} suppressHydrationWarning className="whitespace-nowrap">
      {formatDistance(moment.getTime(), now)}
    </time>
  );
}

/** Shows a moment exactly: 29 Nov 2026, 10:00:00. The server's zone may differ, so its text may be replaced. */
export const ExactTime = ({ at }: { readonly at: string }) => (
  <time dateTime={at} suppressHydrationWarning className="whitespace-nowrap tabular-nums">
    {writeMoment(Date.parse(at))}
  </time>
);

interface ElapsedProps {
  readonly from: string | null;
  /** Counts on until it is there. */
  readonly to: string | null;
  /** A moment by which it was certainly still going on. The clock of a browser may be behind. */
  readonly seenAt?: string | null;
}

/** Shows how long something took, or has been taking so far. */
export function Elapsed({ from, to, seenAt = null }: ElapsedProps) {
  const now = useNow(from !== null && to === null ? 1_000 : 0);
  if (from === null) return <span className="text-muted-foreground">–</span>;
  const seen = seenAt === null ? 0 : Date.parse(seenAt);
  const end = to === null ? Math.max(now, seen) : Date.parse(to);
  return (
    <span suppressHydrationWarning className="whitespace-nowrap">
      {formatDuration(Math.max(0, end - Date.parse(from)))}
    </span>
  );
}
