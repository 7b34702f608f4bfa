"use client";
import { useMemo, useState } from "react";
import type { Outline } from "#/agents/definition/outline/outline.ts";
import type { Run, RunSummary } from "#/operations/runs/contract.ts";
import { isUuid } from "#/lib/uuid.ts";
import type { Below } from "./below.ts";
import type { TimelineGroup } from "./timeline.ts";
import { useRunAddress } from "./use-address.ts";
import { buildSpans } from "./_waterfall/build-spans.ts";
import { findLoudest, type OpenSpans } from "./_waterfall/rows.ts";
import type { Span } from "./_waterfall/span.ts";
import { makeTimeScale } from "./_waterfall/time-scale.ts";
import { useInsides } from "./_waterfall/use-insides.ts";

interface TraceInput {
  readonly run: Run;
  readonly groups: readonly TimelineGroup[];
  readonly started: readonly RunSummary[];
  readonly below: Below;
  readonly outline: Outline;
  readonly definition: unknown;
  readonly until: number;
  readonly folds: boolean;
}

/** With more lines than these, visits start closed. */
const MOST_OPEN = 150;

/** The lines of a run, which of them are open, and which one is looked at: the address says so, else what failed or asks. */
export function useTrace(input: TraceInput) {
  const { run, groups, started, below, outline, definition, until, folds } = input;
  const [address, setAddress] = useRunAddress();
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  // Until somebody chooses, the line that matters most is shown; who closes it wants the whole run.
  const [closed, setClosed] = useState(false);
  const { status } = run;
  const spans = useMemo(
    () => buildSpans({ groups, children: started, outline, status, until }),
    [groups, started, outline, status, until],
  );
  const entered = [...chosen].flatMap(([key, isOpen]) => (isOpen && isUuid(key) ? [key] : []));
  const inside = useInsides({ run, ids: entered, started, below, definition, until });
  const grows = status === "running" || status === "retrying";
  const scale = useMemo(() => makeTimeScale(spans, { folds, grows }), [spans, folds, grows]);
  const lines = groups.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const opened: OpenSpans = { chosen, opensAll: lines <= MOST_OPEN, inside };
  const loudest = closed || status === "succeeded" ? undefined : findLoudest(spans);
  const selected = findSpan([...spans, ...[...inside.values()].flat()], address.at) ?? loudest;
  return {
    spans,
    opened,
    scale,
    hasFolds: !folds || scale.parts.some((part) => part.folded),
    selected,
    select: (key: string | undefined) => {
      setClosed(key === undefined);
      setAddress({ at: key, try: undefined, ...(key === undefined && { tab: undefined }) });
    },
    toggle: (key: string, open: boolean) => setChosen((before) => new Map(before).set(key, open)),
  };
}

function findSpan(spans: readonly Span[], key: string | undefined): Span | undefined {
  if (key === undefined) return undefined;
  for (const span of spans) {
    const found = span.key === key ? span : findSpan(span.children, key);
    if (found) return found;
  }
  return undefined;
}
