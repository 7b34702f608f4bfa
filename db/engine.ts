import * as v from "valibot";
import type { Lost } from "#/agents/langgraph/checkpoint/store.ts";
import type { ClaimAnswer } from "#/agents/engine/claim.ts";
import type { Damage, HeldRun, RunPart, RunStore, WakeUp } from "#/agents/runner/runner-ports.ts";
import type { Database } from "#/db/client.ts";
import { commits, Owed } from "#/db/commits.ts";
import { json } from "#/db/tables.ts";

const Json = v.record(v.string(), v.unknown());
const UsageParts = { inputTokens: v.number(), outputTokens: v.number(), costUsd: v.number() };
const Versions = v.record(v.string(), v.union([v.string(), v.number()]));
/** A checkpoint as LangGraph stored it. */
const Checkpoint = v.looseObject({
  thread_id: v.string(),
  checkpoint_ns: v.string(),
  checkpoint_id: v.string(),
  parent_checkpoint_id: v.nullable(v.string()),
  checkpoint: v.looseObject({
    v: v.number(),
    id: v.string(),
    ts: v.string(),
    channel_versions: Versions,
    versions_seen: v.record(v.string(), Versions),
  }),
  metadata: v.looseObject({
    source: v.picklist(["input", "loop", "update", "fork"]),
    step: v.number(),
    parents: v.record(v.string(), v.string()),
  }),
  blobs: v.nullable(
    v.array(
      v.object({
        channel: v.string(),
        type: v.string(),
        value: v.nullable(v.string()),
        base: v.nullable(v.string()),
        bytes: v.nullish(v.number()),
      }),
    ),
    [],
  ),
  writes: v.nullable(
    v.array(
      v.object({
        task_path: v.string(),
        task_id: v.string(),
        idx: v.number(),
        channel: v.string(),
        type: v.string(),
        value: v.string(),
      }),
    ),
    [],
  ),
});

const LOST: Lost = "lost";

/** The claim's word on a run that has stored checkpoints of which none is there. */
const LostCheckpoint = v.object({ lost: v.literal(true) });

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
  checkpoint: v.unknown(),
  journal: v.nullable(Json),
  answers: v.nullable(Json),
  childWaits: v.number(),
  usage: v.object({ ...UsageParts, children: v.optional(v.object(UsageParts)) }),
  limits: v.nullable(Json),
  depth: v.number(),
  raised: v.nullable(v.object({ maxTokens: v.optional(v.number()), maxCostUsd: v.optional(v.number()) })),
  hasMonthlyLimits: v.boolean(),
  fragment: v.nullable(v.string()),
  item: v.nullable(v.object({ item: v.unknown(), index: v.number() })),
  parentId: v.nullable(v.string()),
  forkedFrom: v.nullable(v.string()),
  timeLeftMs: v.nullable(v.number()),
  outer: v.nullable(v.object({ runId: v.string(), input: Json, trigger: Json, states: v.array(Json) })),
});

const Refused = v.object({
  claimed: v.literal(false),
  status: v.string(),
  leased: v.boolean(),
  dueInMs: v.number(),
});

const ClaimRow = v.nullable(v.variant("claimed", [Claimed, Refused]));

const Overspent = v.object({
  scope: v.picklist(["run", "ancestor", "workspace", "workflow"]),
  limit: v.picklist(["maxTokens", "maxCostUsd"]),
  most: v.number(),
  used: v.number(),
  onLimit: v.picklist(["fail", "ask"]),
  askTimeout: v.optional(v.string()),
  runId: v.optional(v.string()),
});

const Lost = v.object({ lost: v.literal(true) });
const Granted = v.object({ granted: v.literal(true) });

const Looked = v.picklist(["held", "answered", "lost"]);
const Started = v.picklist(["go", "unknown", "lost", "answered"]);
const Settled = v.picklist(["settled", "used", "lost", "answered"]);

/** @throws when the next claim has the answer: that is not the step's failure, the message is delivered again */
function unlessAnswered<Word extends Awaited<ReturnType<RunStore["beginSideEffect" | "settleSideEffect"]>>>(
  word: Word | "answered",
): Word {
  if (word === "answered")
    throw new Error("This write was answered by an earlier holder of the run, after it was claimed anew.");
  return word;
}

/** The step protocol on Postgres: every verb is one statement that enters the workspace by itself, hence one round trip. */
export function runStore(database: Database): RunStore {
  return {
    ...lifeVerbs(database),
    ...effectVerbs(database),
  };
}

/** Verbs by which a run is held and moves on. */
function lifeVerbs(
  database: Database,
): Pick<RunStore, "claim" | "commit" | "journal" | "reusable" | "deliverEvents" | "look"> {
  return {
    claim: async ({ workspaceId, runId }, { messageId, retried }, leaseMs) => {
      const [row] = await database.call("select app.claim_run($1, $2, $3, $4, $5, true) as answer", [
        workspaceId,
        runId,
        messageId,
        retried,
        leaseMs,
      ]);
      return toClaimAnswer(v.parse(ClaimRow, row?.["answer"] ?? null));
    },
    commit: commits(database),
    journal: async ({ workspaceId, runId }, entry) => {
      await database.call("select app.journal_result($1, $2, $3::jsonb)", [
        workspaceId,
        runId,
        json({ ...entry, result: entry.result ?? null }),
      ]);
    },
    reusable: async ({ workspaceId }, { origin, node, hash }) => {
      const [row] = await database.call("select app.reusable_result($1, $2, $3, $4) as answer", [
        workspaceId,
        origin,
        node,
        hash,
      ]);
      const found = v.parse(v.nullable(v.object({ result: v.unknown() })), row?.["answer"] ?? null);
      return found === null ? undefined : { result: found.result };
    },
    deliverEvents: (workspaceId, keys) => deliverEvents(database, workspaceId, keys),
    look: async ({ workspaceId, runId }, epoch, known) => {
      const [row] = await database.call("select app.look_at_run($1, $2, $3, $4::jsonb) as answer", [
        workspaceId,
        runId,
        epoch,
        json(known),
      ]);
      return v.parse(Looked, row?.["answer"]);
    },
  };
}

/** Verbs of what a run does outside, and of what it may spend. */
function effectVerbs(
  database: Database,
): Pick<
  RunStore,
  "beginSideEffect" | "settleSideEffect" | "reserve" | "raise" | "takeModelTurn" | "bookCancelled"
> {
  return {
    beginSideEffect: async ({ workspaceId, runId }, epoch, sideEffect) => {
      const [row] = await database.call("select app.begin_effect($1, $2, $3, $4::jsonb) as answer", [
        workspaceId,
        runId,
        epoch,
        json(sideEffect),
      ]);
      return unlessAnswered(v.parse(Started, row?.["answer"]));
    },
    settleSideEffect: async ({ workspaceId, runId }, epoch, sideEffect) => {
      const [row] = await database.call("select app.settle_effect($1, $2, $3, $4::jsonb) as answer", [
        workspaceId,
        runId,
        epoch,
        json(sideEffect),
      ]);
      return unlessAnswered(v.parse(Settled, row?.["answer"]));
    },
    reserve: async ({ workspaceId, runId }, epoch, ask) => {
      const [row] = await database.call("select app.reserve_usage($1, $2, $3, $4::jsonb) as answer", [
        workspaceId,
        runId,
        epoch,
        json({ ...ask, tell: true }),
      ]);
      const answer = v.parse(v.nullable(v.union([Overspent, Lost, Granted])), row?.["answer"] ?? null);
      if (answer === null) return undefined;
      if ("granted" in answer) return "granted";
      return "lost" in answer ? "lost" : answer;
    },
    takeModelTurn: async ({ workspaceId, runId }, ask) => {
      const [row] = await database.call("select app.take_model_turn($1, $2, $3::jsonb, null) as wait_ms", [
        workspaceId,
        runId,
        json(ask),
      ]);
      return v.parse(v.number(), row?.["wait_ms"]);
    },
    raise: async ({ workspaceId, runId }, limits) => {
      await database.call("select app.raise_limits($1, $2, $3::jsonb)", [workspaceId, runId, json(limits)]);
    },
    bookCancelled: async ({ workspaceId, runId }, epoch, logs) => {
      await database.call("select app.book_cancelled($1, $2, $3, $4::jsonb)", [
        workspaceId,
        runId,
        epoch,
        json(logs),
      ]);
    },
  };
}

function toClaimAnswer(row: v.InferOutput<typeof ClaimRow>): ClaimAnswer<HeldRun> | null {
  if (row === null || !row.claimed) return row;
  return {
    ...row,
    ...readCheckpoint(row),
    journal: row.journal ?? {},
    answers: row.answers ?? {},
    limits: row.limits ?? {},
    part: toPart(row),
  };
}

type ReadCheckpoint = Pick<HeldRun, "checkpoint" | "damage">;

/** Reads a checkpoint. One that is missing or broken is a failure of the run and not of the database: delivering the message again would not help. */
function readCheckpoint({ checkpoint: stored, step }: v.InferOutput<typeof Claimed>): ReadCheckpoint {
  if (stored === null)
    return step === 0
      ? { checkpoint: undefined, damage: undefined }
      : damaged("incomplete", "its checkpoint");
  if (v.is(LostCheckpoint, stored)) return damaged("incomplete", "its checkpoint");
  const parsed = v.safeParse(Checkpoint, stored);
  if (!parsed.success)
    return damaged("unreadable", `${v.getDotPath(parsed.issues[0])}: ${parsed.issues[0].message}`);
  const { blobs, writes, ...row } = parsed.output;
  const lost = blobs?.filter(({ type }) => type === LOST).map(({ channel }) => channel) ?? [];
  if (lost.length > 0) return damaged("incomplete", lost.join(", "));
  return { checkpoint: { ...row, blobs: blobs ?? [], writes: writes ?? [] }, damage: undefined };
}

const damaged = (kind: Damage["kind"], what: string): ReadCheckpoint => ({
  checkpoint: undefined,
  damage: { kind, what },
});

/** The states of the runs around it, outermost first: what is nearer wins. */
function toPart({ fragment, outer, item }: v.InferOutput<typeof Claimed>): RunPart | undefined {
  if (fragment === null || outer === null) return undefined;
  const { states, ...rest } = outer;
  return {
    ...rest,
    fragment,
    state: Object.assign({}, ...states),
    item: item?.item,
    index: item?.index ?? 0,
  };
}

/** Gives each event to the runs that wait for it. Called after the event, or the wait, is stored. @returns the wake-ups that are owed */
export async function deliverEvents(
  database: Database,
  workspaceId: string,
  keys: readonly string[],
): Promise<readonly WakeUp[]> {
  const owed: WakeUp[] = [];
  for (const key of keys) {
    const [row] = await database.call("select app.deliver_event($1, $2) as answer", [workspaceId, key]);
    owed.push(...v.parse(Owed, row?.["answer"]).map((wakeUp) => Object.assign({ workspaceId }, wakeUp)));
  }
  return owed;
}
