import type { TimelineGroup } from "./timeline.ts";

/** The account of a fork: what it takes over, and what it does anew. */
export interface ForkAccount {
  /** Steps that are done and stay done, in their order. */
  readonly kept: readonly string[];
  /** Steps that run again, the one that it continues from first among them. */
  readonly again: readonly string[];
  /** The tokens of the kept steps. */
  readonly tokens: number;
  readonly costUsd: number;
}

/** The superstep in which a step was first at work. */
export function findBeginning({ tasks }: TimelineGroup): number {
  return Math.min(...tasks.flatMap((task) => task.tries.map((log) => log.superstep)));
}

/** Works out what is kept when a run continues from where one visit to a step began: everything of the supersteps before it. */
export function toForkAccount(groups: readonly TimelineGroup[], from: TimelineGroup): ForkAccount {
  const beginning = findBeginning(from);
  const before = groups.filter((group) => findBeginning(group) < beginning);
  const logs = before
    .flatMap(({ tasks }) => tasks.flatMap(({ tries }) => tries))
    .filter(({ superstep }) => superstep < beginning);
  return {
    kept: unique(before),
    again: unique(
      groups
        .filter((group) => !before.includes(group))
        .toSorted((a, b) => Number(b === from) - Number(a === from)),
    ),
    tokens: logs.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
    costUsd: logs.reduce((sum, { costUsd }) => sum + costUsd, 0),
  };
}

const unique = (groups: readonly TimelineGroup[]) => [...new Set(groups.map(({ step }) => step))];
