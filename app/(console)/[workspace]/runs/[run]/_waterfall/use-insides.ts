import { useQueries } from "@tanstack/react-query";
import type { Outline } from "#/agents/definition/outline/outline.ts";
import { outlineBody } from "#/agents/definition/outline/outline.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { api } from "#/app/_ui/api.ts";
import type { RunSummary, StepLog } from "#/operations/runs/contract.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { MOST } from "../../../_data/queries.ts";
import { LIVE_MS } from "../../../_data/poll.ts";
import { buildTimeline } from "../timeline.ts";
import { buildSpans } from "./build-spans.ts";
import type { Span } from "./span.ts";

/** Of a run inside another so many pages of the log are read at most: its own page has all of it. */
const MOST_PAGES = 5;
const STEPS = "GET /api/v1/runs/{id}/steps";
const NO_OUTLINE: Outline = { nodes: [], edges: [], groups: [] };

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

/** Asks for the log of a run inside another, again and again until it has ended. */
export const insideQuery = ({ id, status }: Pick<RunSummary, "id" | "status">) => ({
  queryKey: [...keyOf(STEPS, { path: { id } }), "inside", isEnded(status)],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => readLog(id, signal),
  refetchInterval: isEnded(status) ? (false as const) : LIVE_MS,
});

interface Insides {
  /** The runs whose lines somebody has opened. */
  readonly runs: readonly RunSummary[];
  readonly definition: unknown;
  readonly until: number;
}

/** Reads what runs that were started have done, as lines below them. */
export function useInsides({ runs, definition, until }: Insides): ReadonlyMap<string, readonly Span[]> {
  const answers = useQueries({
    queries: runs.map(insideQuery),
  });
  return new Map(
    runs.map((run, index) => [run.id, drawInside(run, answers[index]?.data ?? [], { definition, until })]),
  );
}

function drawInside(
  run: RunSummary,
  lines: readonly StepLog[],
  { definition, until }: Pick<Insides, "definition" | "until">,
): readonly Span[] {
  const ended = isEnded(run.status);
  const spans = buildSpans({
    groups: buildTimeline({ steps: lines, live: [], ended }),
    children: [],
    outline: run.part ? outlineBody(definition, run.part.step) : NO_OUTLINE,
    status: run.status,
    until: run.finishedAt === null ? until : Date.parse(run.finishedAt),
  });
  return spans.map((span) => within(run.id, span));
}

/** Visits are numbered in each run anew: their keys become keys of this run. */
function within(runId: string, span: Span): Span {
  return {
    ...span,
    key: `${runId}/${span.key}`,
    children: span.children.map((child) => within(runId, child)),
  };
}
