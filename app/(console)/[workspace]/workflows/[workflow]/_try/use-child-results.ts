import { useMemo, useState } from "react";
import type { RunSummary } from "#/operations/runs/contract.ts";
import { MOST_STARTED } from "../../../_data/started-runs.ts";
import { useWorkspacePath } from "../../../_shell/workspace-context.tsx";
import { useLogsBelow } from "../../../runs/[run]/_waterfall/use-insides.ts";
import type { Below } from "../../../runs/[run]/below.ts";
import { addChildren, listShownItems } from "./child-results.ts";
import type { StepResults } from "./step-results.ts";

interface Children {
  /** The definition of the run that has started them. */
  readonly definition: unknown;
  readonly children: readonly RunSummary[];
  /** What the stream of that run has told of them. */
  readonly below: Below;
}

/** Adds to the results of a run what the runs that it has started have done; of each map one item, which can be chosen. */
export function useChildResults(
  results: StepResults | undefined,
  { definition, children, below }: Children,
): StepResults | undefined {
  const runs = useWorkspacePath()("runs");
  const [chosen, setChosen] = useState<ReadonlyMap<string, number>>(new Map());
  const shown = useMemo(() => listShownItems(children, chosen).map(({ id }) => id), [children, chosen]);
  const logs = useLogsBelow(shown, below);
  return useMemo(
    () =>
      results &&
      addChildren(results, {
        definition,
        children,
        isCut: children.length >= MOST_STARTED,
        chosen,
        logs,
        onChoose: (map, index) => setChosen((before) => new Map(before).set(map, index)),
        linkTo: (id) => `${runs}/${id}`,
      }),
    [results, definition, children, chosen, logs, runs],
  );
}
