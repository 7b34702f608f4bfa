import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { RunSummary, StepLog } from "#/operations/runs/contract.ts";
import { MOST } from "../../../_data/queries.ts";
import { useWorkspacePath } from "../../../_shell/workspace-context.tsx";
import { insideQuery } from "../../../runs/[run]/_waterfall/use-insides.ts";
import { addChildren, listShownItems } from "./child-results.ts";
import type { StepResults } from "./step-results.ts";

const NO_LINES: readonly StepLog[] = [];
const collect = (answers: readonly UseQueryResult<readonly StepLog[]>[]) =>
  answers.map(({ data }) => data ?? NO_LINES);

/** Adds to the results of a run what the runs that it has started have done; of each map one item, which can be chosen. */
export function useChildResults(
  results: StepResults | undefined,
  definition: unknown,
  children: readonly RunSummary[],
): StepResults | undefined {
  const runs = useWorkspacePath()("runs");
  const [chosen, setChosen] = useState<ReadonlyMap<string, number>>(new Map());
  const shown = useMemo(() => listShownItems(children, chosen), [children, chosen]);
  const logs = useQueries({ queries: shown.map(insideQuery), combine: collect });
  return useMemo(
    () =>
      results &&
      addChildren(results, {
        definition,
        children,
        isCut: children.length >= MOST,
        chosen,
        logs: new Map(shown.map(({ id }, index) => [id, logs[index] ?? NO_LINES])),
        onChoose: (map, index) => setChosen((before) => new Map(before).set(map, index)),
        linkTo: (id) => `${runs}/${id}`,
      }),
    [results, definition, children, chosen, shown, logs, runs],
  );
}
