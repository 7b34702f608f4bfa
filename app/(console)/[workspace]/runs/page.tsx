import type { Metadata } from "next";
import { cache } from "react";
import { listRunCounts } from "#/operations/run-counts/list.ts";
import { listRuns } from "#/operations/runs/list.ts";
import { listWorkflows } from "#/operations/workflows/list.ts";
import { MOST, runCounts, RUNS_A_PAGE, runPages, workflowList } from "../_data/queries.ts";
import { readFirstSteps } from "../read-first-steps.ts";
import { answer, answerFirstPage, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { type Asked, readFilter } from "./_list/read-filter.ts";
import { RunsView } from "./_list/runs-view.tsx";

export const metadata: Metadata = { title: "Runs" };

interface RunsPageProps {
  readonly searchParams: Promise<Asked>;
}

/** The moment at which the page is made: what it shows and what the browser makes of it first agree. */
const readClock = cache(() => Date.now());

const readTry = (word: "true" | "false" | undefined) => (word === undefined ? undefined : word === "true");

export default async function RunsPage({ searchParams }: RunsPageProps) {
  const { caller } = await currentVisit();
  const filter = readFilter(await searchParams);
  const [firstSteps, runs, counts, workflows] = await Promise.all([
    readFirstSteps(caller),
    listRuns(caller, { ...filter, try: readTry(filter.try), limit: RUNS_A_PAGE }),
    listRunCounts(caller),
    listWorkflows(caller, { limit: MOST }),
  ]);
  return (
    <Prefetched
      answers={[
        answerFirstPage(runPages(filter), runs),
        answer(runCounts(), counts),
        answer(workflowList(), workflows),
        ...(firstSteps ?? []),
      ]}
    >
      <RunsView filter={filter} isNew={firstSteps !== undefined} readAt={readClock()} />
    </Prefetched>
  );
}
