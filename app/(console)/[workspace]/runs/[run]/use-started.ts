import { useMemo } from "react";
import type { RunSummary } from "#/operations/runs/contract.ts";
import { useStartedRuns } from "../../_data/runs.ts";
import { byPart } from "../../_data/started-runs.ts";
import type { Below } from "./below.ts";
import type { Progress } from "./progress.ts";

/**
 * The runs that a followed run has started, items of a map in their order. While it is under way its stream tells of them; when it has ended the list of those
 * that ended before is read once. Nothing is asked again.
 * @param asks false for a run whose steps start none
 */
export function useStarted({ run, below, ended }: Progress, asks: boolean): readonly RunSummary[] {
  const known = useStartedRuns(run.id, asks && ended);
  return useMemo(() => joinStarted(run.id, known, below), [run.id, known, below]);
}

function joinStarted(runId: string, known: readonly RunSummary[], { runs }: Below): readonly RunSummary[] {
  const told = [...runs.values()].filter(({ parentId }) => parentId === runId);
  const joined = new Map([...told, ...known].map((started) => [started.id, started]));
  return [...joined.values()].toSorted(byPart);
}
