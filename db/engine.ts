import * as v from "valibot";
import type { StoredCheckpoint } from "#/agents/checkpoint/store.ts";
import type { ClaimAnswer } from "#/agents/engine/claim.ts";
import type { Committed, HeldRun, RunStore, SuperstepChange } from "#/agents/runner/ports.ts";
import type { Database } from "#/db/client.ts";
import { json } from "#/db/tables.ts";

const Json = v.record(v.string(), v.unknown());
const Versions = v.record(v.string(), v.union([v.string(), v.number()]));
/** What LangGraph stored is read back as it is. */
const Checkpoint = v.looseObject({
  thread_id: v.string(),
  checkpoint_ns: v.string(),
  checkpoint_id: v.string(),
  parent_checkpoint_id: v.nullable(v.string()),
  checkpoint: v.looseObject({ v: v.number(), id: v.string(), ts: v.string(), channel_versions: Versions, versions_seen: v.record(v.string(), Versions) }),
  metadata: v.looseObject({ source: v.picklist(["input", "loop", "update", "fork"]), step: v.number(), parents: v.record(v.string(), v.string()) }),
  blobs: v.nullable(v.array(v.object({ channel: v.string(), type: v.string(), value: v.nullable(v.string()) })), []),
  writes: v.nullable(
    v.array(
      v.object({ task_path: v.string(), task_id: v.string(), idx: v.number(), channel: v.string(), type: v.string(), value: v.string() }),
    ),
    [],
  ),
});

const Claimed = v.object({
  claimed: v.literal(true),
  epoch: v.number(),
  agentType: v.string(),
  versionId: v.nullable(v.string()),
  definition: v.unknown(),
  step: v.number(),
  attempt: v.number(),
  crashes: v.number(),
  input: Json,
  trigger: Json,
  workflowId: v.nullable(v.string()),
  version: v.nullable(v.number()),
  createdAt: v.number(),
  checkpoint: v.nullable(Checkpoint),
  journal: v.nullable(Json),
  answers: v.nullable(Json),
  openWaits: v.number(),
});

const Refused = v.object({ claimed: v.literal(false), status: v.string(), leased: v.boolean(), dueInMs: v.number() });

const ClaimRow = v.nullable(v.variant("claimed", [Claimed, Refused]));

const CommitRow = v.variant("committed", [
  v.object({ committed: v.literal(false) }),
  v.object({ committed: v.literal(true), wakes: v.number(), logSeq: v.number(), dueInMs: v.nullable(v.number()) }),
]);

/** The step protocol on Postgres: every verb is one statement that enters the workspace by itself, hence one round trip. */
export function runStore(database: Database): RunStore {
  return {
    claim: async ({ workspaceId, runId }, { messageId, retried }, leaseMs) => {
      const [row] = await database.call("select app.claim_run($1, $2, $3, $4, $5) as answer", [
        workspaceId,
        runId,
        messageId,
        retried,
        leaseMs,
      ]);
      return toClaimAnswer(v.parse(ClaimRow, row?.["answer"] ?? null));
    },
    commit: async ({ workspaceId, runId }, epoch, change): Promise<Committed> => {
      const [row] = await database.call("select app.commit_superstep($1, $2, $3, $4) as answer", [
        workspaceId,
        runId,
        epoch,
        json(toRowChange(change)),
      ]);
      return v.parse(CommitRow, row?.["answer"]);
    },
    journal: async ({ workspaceId, runId }, { key, superstep, result }) => {
      await database.call("select app.journal_result($1, $2, $3, $4, $5)", [workspaceId, runId, key, superstep, json(result ?? null)]);
    },
  };
}

function toClaimAnswer(row: v.InferOutput<typeof ClaimRow>): ClaimAnswer<HeldRun> | null {
  if (row === null || !row.claimed) return row;
  const checkpoint: StoredCheckpoint | undefined = row.checkpoint
    ? { ...row.checkpoint, blobs: row.checkpoint.blobs ?? [], writes: row.checkpoint.writes ?? [] }
    : undefined;
  return { ...row, checkpoint, journal: row.journal ?? {}, answers: row.answers ?? {} };
}

function toRowChange({ settlement, rows, state, logs, consumed, leaseMs }: SuperstepChange) {
  const { status, waitingOn, supersteps, attempt, keepLease, dueInMs, output, error, waits } = settlement;
  const total = (pick: (entry: (typeof logs)[number]) => number | undefined) => logs.reduce((sum, entry) => sum + (pick(entry) ?? 0), 0);
  return {
    status,
    waitingOn,
    supersteps,
    attempt,
    keepLease,
    dueInMs,
    output,
    error,
    waits,
    ...rows,
    state,
    logs,
    consumed,
    leaseMs,
    usage: {
      inputTokens: total((entry) => entry.inputTokens),
      outputTokens: total((entry) => entry.outputTokens),
      costUsd: total((entry) => entry.costUsd),
    },
  };
}
