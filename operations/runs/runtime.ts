import "server-only";
import { checkDecision } from "#/agents/definition/schema/decision-values.ts";
import { runTimeoutOf } from "#/agents/definition/format/duration.ts";
import { checkInput } from "#/agents/definition/schema/input.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { laneWidth, type PaceLimits, type Priority } from "#/agents/engine/limits.ts";
import type { RunStatus } from "#/agents/engine/run.ts";
import { keepRefusedStart } from "#/operations/runs/refused-starts.ts";
import type { WakeUp } from "#/agents/runner/runner-ports.ts";
import { tick as runTick, type TickReport } from "#/agents/runner/tick.ts";
import { database, type System, type Tenant } from "#/db/client.ts";
import { deliverEvents } from "#/db/engine.ts";
import { insertEvent, missedEvents } from "#/db/events.ts";
import {
  findApproval,
  insertRun,
  type Owed,
  type RunVersion,
  storeCancel,
  storeDecision,
  storePause,
  storeResume,
  sweepRuns,
  versionToRun,
} from "#/db/run-lifecycle.ts";
import { claimFire, dueSchedules, readFire } from "#/db/schedules.ts";
import { keepStorage } from "#/db/upkeep.ts";
import { workspaceLimits } from "#/db/workspaces.ts";
import { limitStarts } from "#/lib/cloud/limits.ts";
import { type QueuedWake, sendWakeUps } from "#/lib/cloud/queue.ts";
import { newId } from "#/lib/id.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { Memory } from "#/lib/memory.ts";
import { log } from "#/lib/observe/log.ts";

/**
 * The verbs on runs, for pages and routes. Executing a run is operations/execution/advance.ts: it brings LangGraph along, and nothing here does.
 */

/** Who did it, as the audit log and the run's history show it. */
export interface Actor {
  readonly kind: "person" | "key" | "webhook" | "schedule" | "link";
  readonly id: string;
  readonly name?: string | undefined;
}

export interface StartRequest {
  readonly workflowId: string;
  readonly version?: number | undefined;
  readonly input: unknown;
  readonly trigger: {
    readonly kind: "manual" | "api" | "webhook" | "schedule";
    readonly [key: string]: unknown;
  };
  readonly idempotencyKey?: string | undefined;
  readonly priority?: Priority | undefined;
}

export type Started =
  | {
      readonly ok: true;
      readonly runId: string;
      readonly status: RunStatus;
      readonly repeated: boolean;
      /** Whether the workflow has a step that answers the caller. */
      readonly responds: boolean;
    }
  | { readonly ok: false; readonly reason: "not-found" }
  | { readonly ok: false; readonly reason: "not-published" }
  | { readonly ok: false; readonly reason: "too-many-starts"; readonly retryAfterS: number }
  | { readonly ok: false; readonly reason: "invalid-input"; readonly problems: readonly Problem[] };

/** Checks the input against the workflow's schema, stores the run, and asks for its first step. */
export async function startRun(tenant: Tenant, request: StartRequest): Promise<Started> {
  const remembered = versions.get(versionName(tenant, request));
  const started = remembered && (await startVersion(tenant, request, { ...remembered, onlyIfCurrent: true }));
  // What was remembered may be out of date; what it would refuse is asked for again before it is refused.
  if (started?.ok || started?.reason === "too-many-starts") return started;
  const version = await versionToRun(tenant, request.workflowId, request.version);
  if (typeof version === "string") return { ok: false, reason: version };
  versions.set(versionName(tenant, request), version);
  const stored = await startVersion(tenant, request, { ...version, onlyIfCurrent: false });
  if (!stored) throw new Error(`Workflow ${request.workflowId} has a version, and no run of it was stored.`);
  return stored;
}

/** Starts a run for a trigger that nobody stands beside. A refusal is kept as a failed run, so that whoever set the trigger up sees it. */
export async function startUnattended(
  tenant: Tenant,
  request: StartRequest & { readonly idempotencyKey: string },
): Promise<Started & { readonly refusedRunId?: string }> {
  const started = await startRun(tenant, request);
  if (started.ok || started.reason === "too-many-starts") return started;
  return { ...started, refusedRunId: await keepRefusedStart(tenant, request, started) };
}

/**
 * Versions that were started lately, so that the next start need not read them: the definition never changes, and storing the run looks whether
 * it is still the one to run.
 */
const versions = new Memory<RunVersion>({ keptMs: 15_000, most: 500 });
const versionName = ({ workspaceId }: Tenant, { workflowId, version }: StartRequest) =>
  `${workspaceId} ${workflowId} ${version ?? "published"}`;

/** @returns undefined when only the current version may be started and this is no longer it */
async function startVersion(
  tenant: Tenant,
  request: StartRequest,
  version: RunVersion & { readonly onlyIfCurrent: boolean },
): Promise<Started | undefined> {
  const checked = checkInput(inputSchemaOf(version.definition), request.input);
  if (!checked.ok) return { ok: false, reason: "invalid-input", problems: checked.problems };
  const refused = await refuseStart(tenant, request.workflowId, version.limits);
  if (refused) return refused;
  const run = await insertRun(tenant, {
    id: newId(),
    agentType: version.kind,
    workflowId: request.workflowId,
    versionId: version.versionId,
    version: version.version,
    input: checked.input,
    trigger: request.trigger,
    idempotencyKey: request.idempotencyKey,
    priority: request.priority,
    timeoutMs: runTimeoutOf(version.definition),
    ...(version.onlyIfCurrent && { onlyIf: request.version === undefined ? "published" : "not-archived" }),
  });
  if (!run) return undefined;
  if (!run.repeated)
    await wake([
      { workspaceId: tenant.workspaceId, runId: run.id, wakes: run.wakes, priority: run.priority },
    ]);
  return {
    ok: true,
    runId: run.id,
    status: run.status,
    repeated: run.repeated,
    responds: hasRespondStep(version.definition),
  };
}

type TooManyStarts = Extract<Started, { readonly reason: "too-many-starts" }>;

/** Whether the workspace or the workflow has started as much within a minute as it may. */
async function refuseStart(
  tenant: Tenant,
  workflowId: string,
  ofWorkflow: PaceLimits,
): Promise<TooManyStarts | undefined> {
  const ofWorkspace = await paceOf(tenant);
  const limits = [
    { name: `ws_${tenant.workspaceId}`, perMinute: ofWorkspace.startsPerMinute },
    { name: `wf_${workflowId}`, perMinute: ofWorkflow.startsPerMinute },
  ];
  for (const { name, perMinute } of limits) {
    if (perMinute === undefined) continue;
    const { allowed, retryAfterS } = await limitStarts(name, perMinute);
    if (!allowed) return { ok: false, reason: "too-many-starts", retryAfterS };
  }
  return undefined;
}

/** What workspaces may do at a time, as of some seconds ago: a wake-up must not cost a question. */
const paces = new Memory<PaceLimits>({ keptMs: 15_000, most: 10_000 });

async function paceOf(tenant: Tenant): Promise<PaceLimits> {
  const known = paces.get(tenant.workspaceId);
  if (known) return known;
  const limits = await workspaceLimits(tenant);
  paces.set(tenant.workspaceId, limits);
  return limits;
}

function hasRespondStep({ steps }: JsonObject): boolean {
  return (
    isJsonObject(steps) &&
    Object.values(steps).some((step) => isJsonObject(step) && step["type"] === "respond")
  );
}

function inputSchemaOf({ input }: JsonObject): JsonObject | undefined {
  return isJsonObject(input) ? input : undefined;
}

export interface DecisionRequest {
  readonly approvalId: string;
  readonly action: string;
  readonly values?: unknown;
  readonly comment?: string | undefined;
  readonly by: Actor;
  /** Everybody who takes part in it: who decides, whose key it is, who made the link. Undefined stands for somebody unknown. */
  readonly people: readonly (string | undefined)[];
}

export type Decided =
  | { readonly ok: true; readonly runId: string }
  | {
      readonly ok: false;
      readonly reason: "not-found" | "already-decided" | "own-run" | "unknown-action" | "invalid-values";
      readonly detail?: string;
      readonly problems?: readonly Problem[];
    };

/** Answers an approval, once: of several decisions at the same moment one counts, and the others are told so. */
export async function decideApproval(tenant: Tenant, request: DecisionRequest): Promise<Decided> {
  const approval = await findApproval(tenant, request.approvalId);
  if (!approval) return { ok: false, reason: "not-found" };
  if (approval.status !== "open")
    return { ok: false, reason: "already-decided", detail: `This approval is ${approval.status}.` };
  // Who asked does not change, so this need not be looked at again when the decision is stored.
  const refusal = approval.notBy && ownRun(approval.notBy, request.people);
  if (refusal) return refusal;
  if (!approval.actions.includes(request.action)) {
    return {
      ok: false,
      reason: "unknown-action",
      detail: `“${request.action}” is not one of: ${approval.actions.join(", ")}.`,
    };
  }
  const values = checkDecision(approval, request);
  if (!values.ok) return { ok: false, reason: "invalid-values", problems: values.problems };
  const owed = await storeDecision(tenant, approval.runId, {
    approvalId: request.approvalId,
    action: request.action,
    comment: request.comment,
    values: values.input,
    by: { ...request.by },
  });
  if (!owed) return { ok: false, reason: "already-decided", detail: "Somebody else decided a moment ago." };
  await wake([{ workspaceId: tenant.workspaceId, ...owed }]);
  return { ok: true, runId: approval.runId };
}

/** Four eyes are those of two people, however each of them came here. */
function ownRun(behind: readonly string[], deciding: DecisionRequest["people"]): Decided | undefined {
  if (deciding.includes(undefined))
    return {
      ok: false,
      reason: "own-run",
      detail:
        "Nobody knows who made this link, and this approval is for somebody else than whoever started the run. Ask for a new link.",
    };
  const isOwn = deciding.some((person) => person !== undefined && behind.includes(person));
  return isOwn
    ? {
        ok: false,
        reason: "own-run",
        detail: "You have started this run, and this approval is for somebody else.",
      }
    : undefined;
}

export type Changed =
  | { readonly kind: "done" }
  | { readonly kind: "not-found" }
  | { readonly kind: "wrong-status"; readonly status: string };

/** Ends a run now. A step under way may finish, but nothing of it is kept. */
export async function cancelRun(tenant: Tenant, runId: string, by: Actor): Promise<Changed> {
  return wakeOthers(tenant, await storeCancel(tenant, runId, `Cancelled by ${by.name ?? by.kind}.`));
}

/** Holds a run, and all that it has started, until it is resumed. A step at work finishes first. */
export function pauseRun(tenant: Tenant, runId: string): Promise<Changed> {
  return storePause(tenant, runId);
}

/** Lets a paused run go on, with all that it has started. */
export async function resumeRun(tenant: Tenant, runId: string): Promise<Changed> {
  return wakeOthers(tenant, await storeResume(tenant, runId));
}

async function wakeOthers(
  { workspaceId }: Tenant,
  changed: Changed & { readonly owed?: readonly Owed[] },
): Promise<Changed> {
  const owed = changed.owed ?? [];
  if (owed.length > 0) await wake(owed.map((wakeUp) => Object.assign({ workspaceId }, wakeUp)));
  return changed;
}

/** Tells every run that waits for the key; if none does, the event is kept for a day for the first that will. The same event again changes nothing. */
export async function sendEvent(
  tenant: Tenant,
  event: { readonly id: string; readonly key: string; readonly payload: unknown; readonly source: Actor },
): Promise<{ readonly id: string }> {
  await insertEvent(tenant, { ...event, source: { ...event.source } });
  await wake(await deliverEvents(database(), tenant.workspaceId, [event.key]));
  return { id: event.id };
}

/** Fires due schedules and wakes runs that are owed a wake-up. Idempotent; see agents/runner/tick.ts. */
export function tick(graceMs?: number): Promise<TickReport> {
  const { system, tenant } = database();
  return runTick(
    {
      dueSchedules: (limit) => dueSchedules(system, limit),
      fire: ({ workspaceId, scheduleId }) => fireSchedule(tenant({ workspaceId }), scheduleId),
      missedEvents: async (limit) => {
        const keys = await missedEvents(system, limit);
        return (
          await Promise.all(keys.map(({ workspaceId, key }) => deliverEvents(database(), workspaceId, [key])))
        ).flat();
      },
      sweep: (grace, limit) => sweepRuns(system, grace, limit),
      wake,
      upkeep: () => upkeep(system),
      report: (error, due) =>
        log.error({ err: error, ...due }, "A schedule could not fire; it is tried again at the next tick."),
    },
    graceMs,
  );
}

/** What cannot be done now is done by a later tick: it must not keep this one from waking runs. */
async function upkeep(system: System): Promise<void> {
  try {
    const done = await keepStorage(system);
    if (done) log.info({ ...done }, "Storage is in order for today.");
  } catch (error) {
    log.error({ err: error }, "Storage could not be kept in order; it is tried again at the next tick.");
  }
}

/** Starts the run first and moves the schedule on afterwards: a crash in between repeats, and the idempotency key makes the repetition harmless. */
async function fireSchedule(tenant: Tenant, scheduleId: string): Promise<boolean> {
  const fire = await readFire(tenant, scheduleId);
  if (!fire) return false;
  const { workflowId, input, priority, fireAt, idempotencyKey } = fire;
  const trigger = { kind: "schedule", scheduleId, fireAt: fireAt.toISOString() } as const;
  const started = await startUnattended(tenant, { workflowId, input, priority, trigger, idempotencyKey });
  // It stays due: the next tick tries again.
  if (!started.ok && started.reason === "too-many-starts") return false;
  if (!started.ok)
    log.warn(
      { workspaceId: tenant.workspaceId, scheduleId, reason: started.reason, runId: started.refusedRunId },
      "A schedule fired, but its workflow cannot be started.",
    );
  return claimFire(tenant, scheduleId, fireAt);
}

/** High and low runs have lanes of their own: what is urgent is never behind a thousand others, and what can wait leaves room. */
async function inLane(wakeUp: WakeUp): Promise<QueuedWake> {
  const { workspaceId, priority } = wakeUp;
  const limits = await paceOf(database().tenant({ workspaceId }));
  const key = priority === "normal" ? `ws_${workspaceId}` : `ws_${workspaceId}_${priority}`;
  return { ...wakeUp, lane: { key, parallelism: laneWidth(priority, limits) } };
}

/** A wake-up that cannot be sent is still owed: the run's row says so, and the next sweep sends it. */
export async function wake(wakeUps: readonly WakeUp[]): Promise<void> {
  try {
    await sendWakeUps(await Promise.all(wakeUps.map(inLane)));
  } catch (error) {
    log.warn(
      { err: error, runs: wakeUps.map((wakeUp) => wakeUp.runId) },
      "The queue did not take the wake-ups; the sweeper will send them.",
    );
  }
}
