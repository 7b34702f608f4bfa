import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { outlineBody, outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { indexTitles } from "#/agents/definition/outline/step-words.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { isUuid } from "#/lib/uuid.ts";
import type { Caller } from "#/operations/caller.ts";
import { getRunDefinition } from "#/operations/runs/get-definition.ts";
import { readProgress } from "#/operations/runs/read-progress.ts";
import { currentVisit } from "../../../visit.ts";
import { buildTimeline } from "../timeline.ts";
import { type ComparedRun, RunComparison } from "./run-comparison.tsx";
import { RunChoice } from "./run-choice.tsx";

export const metadata: Metadata = { title: "Compare runs" };

interface ComparePageProps {
  readonly params: Promise<{ readonly run: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

/** Lines of a log that are compared, at most. */
const MOST_LINES = 2_000;

/** Two runs beside each other; without `?with=`, the runs to choose from. */
export default async function ComparePage({ params, searchParams }: ComparePageProps) {
  const [{ run: id }, { with: named, visit }] = await Promise.all([params, searchParams]);
  const { caller, person } = await currentVisit();
  const asked = typeof named === "string" && named !== id ? named : undefined;
  const [one, other] = await Promise.all([readRun(caller, id), asked ? readRun(caller, asked) : undefined]);
  if (!one) notFound();
  const home = `/${person.slug}/runs`;
  if (!other) return <RunChoice caller={caller} run={one.run} home={home} isMissing={asked !== undefined} />;
  const titleOf = await readTitles(caller, [other.run, one.run]);
  const opened = typeof visit === "string" ? visit : undefined;
  return <RunComparison one={one} other={other} home={home} titleOf={titleOf} opened={opened} />;
}

async function readRun(caller: Caller, id: string): Promise<ComparedRun | undefined> {
  if (!isUuid(id)) return undefined;
  const { run, steps } = await readProgress(caller, { id, seq: 0, limit: MOST_LINES });
  if (!run) return undefined;
  const visits = buildTimeline({ steps, live: [], ended: isEnded(run.status) });
  return { run, visits, isCut: steps.length === MOST_LINES };
}

/** The titles of the steps of several runs; where a step has several, that of the last run. */
async function readTitles(
  caller: Caller,
  runs: readonly ComparedRun["run"][],
): Promise<(step: string) => string> {
  const nodes = await Promise.all(
    runs.map(async ({ id, part }) => {
      const read = await getRunDefinition(caller, { id });
      if ("refused" in read) return [];
      return (part ? outlineBody(read.definition, part.step) : outlineDefinition(read.definition)).nodes;
    }),
  );
  return indexTitles(nodes.flat());
}
