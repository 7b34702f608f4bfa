import type { Metadata } from "next";
import { RUN_STATUSES, TRIGGER_KINDS } from "#/agents/vocabulary/run.ts";
import { listRuns } from "#/operations/runs/list.ts";
import { listWorkflows } from "#/operations/workflows/list.ts";
import { MOST, RUNS_A_PAGE, runPages, workflowList } from "../_data/queries.ts";
import { answer, answerFirstPage, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { RunsView } from "./_list/runs-view.tsx";

export const metadata: Metadata = { title: "Runs" };

interface RunsPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/** The word if it is one of these; anything else in the address is ignored. */
const findWord = <Word extends string>(words: readonly Word[], given: unknown) =>
  words.find((word) => word === given);
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const findId = (given: unknown) => (typeof given === "string" && UUID.test(given) ? given : undefined);

export default async function RunsPage({ searchParams }: RunsPageProps) {
  const { caller } = await currentVisit();
  const asked = await searchParams;
  const status = findWord(RUN_STATUSES, asked["status"]);
  const trigger = findWord(TRIGGER_KINDS, asked["trigger"]);
  const workflow = findId(asked["workflow"]);
  const batch = findId(asked["batch"]);
  const [runs, workflows] = await Promise.all([
    listRuns(caller, { status, trigger, workflow, batch, limit: RUNS_A_PAGE }),
    listWorkflows(caller, { limit: MOST }),
  ]);
  const filter = {
    status: status ?? null,
    workflow: workflow ?? null,
    trigger: trigger ?? null,
    batch: batch ?? null,
  };
  return (
    <Prefetched answers={[answerFirstPage(runPages(filter), runs), answer(workflowList(), workflows)]}>
      <RunsView filter={filter} />
    </Prefetched>
  );
}
