import { isEnded } from "#/agents/vocabulary/run.ts";
import type { Approval } from "#/db/approvals.ts";
import type { Run } from "#/db/runs.ts";
import { allows, type Principal } from "#/lib/auth/principal.ts";
import { isForCaller } from "#/operations/approvals/change-rights.ts";
import { listApprovals } from "#/operations/approvals/list.ts";
import type { Caller } from "#/operations/caller.ts";
import { getRun } from "#/operations/runs/get.ts";
import { waitUntil } from "#/operations/runs/wait.ts";

/** A run, and what people are asked in it or in runs that it has started. */
export interface Watched {
  readonly run: Run;
  readonly open: readonly Approval[];
}

/** More questions at once than a person can answer in one dialog. */
const MOST_QUESTIONS = 20;

/** Looks at a run; undefined when there is none. What it asks is read first: a run then is at least as far as its questions. */
export async function lookAtRun(caller: Caller, id: string): Promise<Watched | undefined> {
  const open = await openApprovals(caller, id);
  const run = await getRun(caller, { id });
  return "refused" in run ? undefined : { run, open: isEnded(run.status) ? [] : open };
}

async function openApprovals(caller: Caller, family: string): Promise<readonly Approval[]> {
  const filter = { status: "open", family, limit: MOST_QUESTIONS } as const;
  const { items } = await listApprovals(caller, { ...filter, run: undefined, cursor: undefined });
  return items;
}

/** Picks the questions that the caller may answer; of the others they learn that somebody is asked. */
export const pickAnswerable = (principal: Principal, open: Watched["open"]): Watched["open"] =>
  allows(principal, "runs:decide") ? open.filter((asked) => isForCaller(principal, asked)) : [];

interface Watch {
  readonly id: string;
  readonly forMs: number;
  readonly signal: AbortSignal;
  /** Told of each change. */
  readonly told: (run: Run) => Promise<void>;
}

/** Waits until a run has ended, or somebody is asked, or the time is over. @returns the run as it then is */
export async function watchRun(
  caller: Caller,
  { id, forMs, signal, told }: Watch,
): Promise<Watched | undefined> {
  let seen = "";
  const look = async () => {
    const watched = await lookAtRun(caller, id);
    if (watched === undefined) return undefined;
    const now = `${watched.run.status} ${watched.run.step}`;
    if (now !== seen) await told(watched.run);
    seen = now;
    return watched;
  };
  const isOver = ({ run, open }: Watched) => isEnded(run.status) || open.length > 0;
  return (await waitUntil(look, isOver, { timeoutMs: forMs, signal })) ?? lookAtRun(caller, id);
}
