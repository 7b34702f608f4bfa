import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Outline } from "#/agents/definition/outline/outline.ts";
import { outlineBody } from "#/agents/definition/outline/outline.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { api } from "#/app/_ui/api.ts";
import type { Run, RunSummary, StepLog } from "#/operations/runs/contract.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { MOST } from "../../../_data/queries.ts";
import { byPart, readStarted } from "../../../_data/started-runs.ts";
import { type Below, mergeLines } from "../below.ts";
import { buildTimeline } from "../timeline.ts";
import { buildSpans } from "./build-spans.ts";
import type { Span } from "./span.ts";

/** Of a run inside another so many pages of the log are read at most: its own page has all of it. */
const MOST_PAGES = 5;
const STEPS = "GET /api/v1/runs/{id}/steps";
const NO_OUTLINE: Outline = { nodes: [], edges: [], groups: [] };

interface Inside {
  readonly lines: readonly StepLog[];
  readonly started: readonly RunSummary[];
}

async function readInside(id: string, signal: AbortSignal): Promise<Inside> {
  const [lines, started] = await Promise.all([readLog(id, signal), readStarted(id, signal)]);
  return { lines, started };
}

async function readLog(id: string, signal: AbortSignal): Promise<readonly StepLog[]> {
  const lines: StepLog[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES && (page === 0 || cursor !== null); page += 1) {
    const query: { limit: number; cursor: string | null } = { limit: MOST, cursor };
    const read = await api(STEPS, { path: { id }, query, signal });
    lines.push(...read.items);
    cursor = read.nextCursor;
  }
  return lines;
}

/** A query of what is there of a run now: what comes later is told by the stream. */
const askOnce = <Read>(
  id: string,
  what: readonly [kind: string, visit: string],
  read: (id: string, signal: AbortSignal) => Promise<Read>,
) => ({
  queryKey: [...keyOf(STEPS, { path: { id } }), ...what],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => read(id, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The logs of runs below a followed one, by their ids: what was there is read once, what is new comes with the stream. */
export function useLogsBelow(ids: readonly string[], below: Below): ReadonlyMap<string, readonly StepLog[]> {
  const [visit] = useState(() => crypto.randomUUID());
  const answers = useQueries({
    queries: ids.map((id) => askOnce(id, ["log", visit], readLog)),
    combine: collectLines,
  });
  return useMemo(
    () => new Map(ids.map((id, index) => [id, mergeLines(answers[index] ?? [], below.lines.get(id) ?? [])])),
    [ids, answers, below],
  );
}

const NO_LINES: readonly StepLog[] = [];
const collectLines = (answers: readonly UseQueryResult<readonly StepLog[]>[]) =>
  answers.map(({ data }) => data ?? NO_LINES);

interface Insides {
  readonly run: Run;
  /** The runs whose lines somebody has opened. */
  readonly ids: readonly string[];
  /** The runs that the run has started. */
  readonly started: readonly RunSummary[];
  /** What the stream has told of the runs below since the page was opened. */
  readonly below: Below;
  readonly definition: unknown;
  readonly until: number;
}

/**
 * Lines below the runs that somebody has opened, theirs and those of runs that they have started. What was there is read once, when a run is opened;
 * what is new has come with the stream, which had begun before anybody could open it.
 */
export function useInsides({ ids, below, ...drawn }: Insides): ReadonlyMap<string, readonly Span[]> {
  // Another visit has another stream, and may have missed what has come between the two.
  const [visit] = useState(() => crypto.randomUUID());
  const answers = useQueries({
    queries: ids.map((id) => askOnce(id, ["inside", visit], readInside)),
  });
  const runs = indexRuns([
    drawn.started,
    ...answers.map(({ data }) => data?.started ?? []),
    [...below.runs.values()],
  ]);
  return new Map(
    ids.flatMap((id, index) => {
      const run = runs.get(id);
      const lines = mergeLines(answers[index]?.data?.lines ?? [], below.lines.get(id) ?? []);
      return run ? [[id, drawInside(run, lines, { ...drawn, runs })] as const] : [];
    }),
  );
}

/** Runs by their ids, as the later of the lists have them. */
const indexRuns = (lists: readonly (readonly RunSummary[])[]): ReadonlyMap<string, RunSummary> =>
  new Map(lists.flat().map((run) => [run.id, run]));

interface Drawn extends Pick<Insides, "run" | "definition" | "until"> {
  readonly runs: ReadonlyMap<string, RunSummary>;
}

function drawInside(inside: RunSummary, lines: readonly StepLog[], drawn: Drawn): readonly Span[] {
  const { id, part, status, finishedAt } = inside;
  const isOfThis = part !== null && inside.workflowId === drawn.run.workflowId;
  const spans = buildSpans({
    groups: buildTimeline({ steps: lines, live: [], ended: isEnded(status) }),
    children: [...drawn.runs.values()].filter(({ parentId }) => parentId === id).toSorted(byPart),
    outline: isOfThis ? outlineBody(drawn.definition, part.step) : NO_OUTLINE,
    status,
    until: finishedAt === null ? drawn.until : Date.parse(finishedAt),
  });
  return spans.map((span) => within(id, span));
}

/** Visits are numbered in each run anew: their keys become keys of this run. Runs have their own. */
function within(runId: string, span: Span): Span {
  return {
    ...span,
    key: span.subject.kind === "run" ? span.key : `${runId}/${span.key}`,
    children: span.children.map((child) => within(runId, child)),
  };
}
