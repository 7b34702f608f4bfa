import { sumUsd } from "#/agents/engine/usd.ts";
import { PRIORITIES, RUN_STATUSES } from "#/agents/vocabulary/run.ts";
import * as v from "valibot";
import type { LogEntry, RunStore, SuperstepChange } from "#/agents/runner/runner-ports.ts";
import type { Database } from "#/db/client.ts";
import { JointCommits, type Progress } from "#/db/joint-commits.ts";
import { json } from "#/db/tables.ts";

/** Wake-ups that a function of the protocol owes to other runs than the one it was called for. */
export const Owed = v.array(
  v.object({
    runId: v.string(),
    wakes: v.number(),
    priority: v.picklist(PRIORITIES),
    delayMs: v.optional(v.number()),
  }),
);

const CommitRow = v.variant("committed", [
  v.object({ committed: v.literal(false) }),
  v.object({
    committed: v.literal(true),
    status: v.picklist(RUN_STATUSES),
    logSeq: v.number(),
    released: v.optional(
      v.object({
        wakes: v.number(),
        dueInMs: v.nullable(v.number()),
        others: Owed,
        priority: v.picklist(PRIORITIES),
      }),
    ),
  }),
]);

/** Stores supersteps. Those after which the run only continues share transactions with each other. */
export function commits(database: Database): RunStore["commit"] {
  const joint = new JointCommits(database);
  return async ({ workspaceId, runId }, epoch, change) => {
    const progress = toProgress(runId, epoch, change);
    const logSeq = progress && (await joint.commit(workspaceId, progress));
    if (logSeq !== undefined) return { committed: true, status: "running", logSeq };
    const [row] = await database.call(COMMIT, [workspaceId, runId, epoch, ...commitArguments(change)]);
    return v.parse(CommitRow, row?.["answer"]);
  };
}

/** Undefined when there is more to it than that the run continues. */
function toProgress(
  run: string,
  epoch: number,
  { settlement, rows, state, logs, leaseMs, ...rest }: SuperstepChange,
): Progress | undefined {
  const { supersteps, attempt, keepLease } = settlement;
  const { blobs, ...more } = whatOnlySomeHave({ settlement, rows, ...rest });
  if (!keepLease || isAny(more)) return undefined;
  return {
    run,
    epoch,
    supersteps,
    attempt,
    leaseMs,
    rows: rows.checkpoints.length + rows.blobs.length,
    state,
    usage: sumUsage(logs),
    checkpoints: rows.checkpoints,
    logs,
    blobs,
  };
}

const isAny = (parts: object) => Object.values(parts).some((value) => value !== undefined);

const COMMIT =
  "select app.commit_superstep($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as answer";

/** In the order of app.commit_superstep. */
function commitArguments({
  settlement,
  rows,
  state,
  logs,
  leaseMs,
  ...rest
}: SuperstepChange): readonly unknown[] {
  const { status, supersteps, attempt, keepLease, dueInMs } = settlement;
  const usage = sumUsage(logs);
  const some = whatOnlySomeHave({ settlement, rows, ...rest });
  const [checkpoints, lines] = [json(rows.checkpoints), json(logs)];
  return [
    status,
    supersteps,
    attempt,
    keepLease,
    dueInMs,
    leaseMs,
    state ? json(state) : null,
    usage ? json(usage) : null,
    checkpoints,
    lines,
    isAny(some) ? json(some) : null,
  ];
}

/** Writes the parts that only some supersteps have; what is not there is undefined, as in most supersteps all of it. */
function whatOnlySomeHave({
  settlement,
  rows,
  consumed,
  response,
  raised,
  parentId,
}: Omit<SuperstepChange, "state" | "logs" | "leaseMs">) {
  const { waitingOn, output, error, waits, keepLease } = settlement;
  return {
    blobs: unlessEmpty(rows.blobs),
    writes: unlessEmpty(rows.writes),
    consumed: unlessEmpty(consumed),
    waits: unlessEmpty(waits),
    waitingOn: waitingOn ?? undefined,
    output: output ?? undefined,
    error: error ?? undefined,
    response,
    raised,
    parentId: keepLease ? undefined : (parentId ?? undefined),
  };
}

const unlessEmpty = <T>(list: readonly T[]) => (list.length === 0 ? undefined : list);

/** Undefined when nothing was used. */
function sumUsage(logs: readonly LogEntry[]) {
  const used = logs.filter(
    ({ inputTokens, outputTokens, costUsd }) =>
      inputTokens !== undefined || outputTokens !== undefined || costUsd !== undefined,
  );
  if (used.length === 0) return undefined;
  const paid = used.filter((entry) => !entry.reused);
  const saved = used.filter((entry) => entry.reused);
  const total = (entries: typeof logs, pick: (entry: LogEntry) => number | undefined) =>
    entries.reduce((sum, entry) => sum + (pick(entry) ?? 0), 0);
  return {
    inputTokens: total(paid, (entry) => entry.inputTokens),
    outputTokens: total(paid, (entry) => entry.outputTokens),
    costUsd: sumUsd(...paid.map(({ costUsd = 0 }) => costUsd)),
    ...(saved.length > 0 && {
      savedTokens: total(saved, (entry) => (entry.inputTokens ?? 0) + (entry.outputTokens ?? 0)),
      savedUsd: sumUsd(...saved.map(({ costUsd = 0 }) => costUsd)),
    }),
  };
}
