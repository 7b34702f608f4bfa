import "server-only";
import * as v from "valibot";
import { readRunTimeout } from "#/agents/definition/format/duration.ts";
import { checkInput } from "#/agents/definition/schema/input.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { PaceLimits } from "#/agents/engine/limits.ts";
import type { Priority, RunStatus } from "#/agents/vocabulary/run.ts";
import type { Tenant } from "#/db/client.ts";
import {
  type InsertedRun,
  insertRun,
  insertRunIf,
  type NewRun,
  type RunVersion,
  versionToRun,
} from "#/db/run-lifecycle.ts";
import { cache } from "#/lib/cloud/cache.ts";
import { limitMinute } from "#/lib/cloud/limits.ts";
import { newId } from "#/lib/id.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { wake } from "#/operations/execution/wake.ts";
import { bringPace, readPace } from "#/operations/limits/pace.ts";

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
      /** True if the workflow has a step that answers the caller. */
      readonly responds: boolean;
    }
  | { readonly ok: false; readonly reason: "not-found" }
  | { readonly ok: false; readonly reason: "not-published" }
  | { readonly ok: false; readonly reason: "too-many-starts"; readonly retryAfterS: number }
  | { readonly ok: false; readonly reason: "invalid-input"; readonly problems: readonly Problem[] };

/** Checks the input against the workflow's schema, stores the run, and asks for its first step. */
export async function launchRun(tenant: Tenant, request: StartRequest): Promise<Started> {
  // Both in one question to KV, where the process has neither.
  const [{ value: kept, keep }] = await Promise.all([
    cache().look(versionOf(tenant, request)),
    bringPace(tenant),
  ]);
  const started = kept && (await startVersion(tenant, request, { ...kept, onlyIfCurrent: true }));
  // What was kept may be out of date; what it would refuse is asked for again before it is refused.
  if (started?.ok || started?.reason === "too-many-starts") return started;
  const version = await versionToRun(tenant, request.workflowId, request.version);
  if (typeof version === "string") return { ok: false, reason: version };
  keep(version);
  const stored = await startVersion(tenant, request, { ...version, onlyIfCurrent: false });
  if (!stored) throw new Error(`Workflow ${request.workflowId} has a version, and no run of it was stored.`);
  return stored;
}

const KeptVersion = v.object({
  versionId: v.pipe(v.string(), v.uuid()),
  version: v.number(),
  kind: v.string(),
  definition: v.record(v.string(), v.unknown()),
  limits: PaceLimits,
});

/**
 * The version that a start gets, so that the next one need not read it: the definition never changes, and storing the run looks whether it is still the
 * one to run.
 */
const versionOf = ({ workspaceId }: Tenant, { workflowId, version }: StartRequest) =>
  ({
    kept: "version",
    workspaceId,
    name: `${workflowId} ${version ?? "published"}`,
    shape: KeptVersion,
  }) as const;

/** @returns undefined when only the current version may be started and this is no longer it */
async function startVersion(
  tenant: Tenant,
  request: StartRequest,
  { onlyIfCurrent, ...version }: RunVersion & { readonly onlyIfCurrent: boolean },
): Promise<Started | undefined> {
  const condition = request.version === undefined ? "published" : "not-archived";
  return launchVersion(tenant, request, {
    ...version,
    store: (run) => (onlyIfCurrent ? insertRunIf(tenant, condition, run) : insertRun(tenant, run)),
  });
}

/** A version that a run is to be made of, and the way to store the run. */
interface Launch extends Omit<RunVersion, "version"> {
  /** Null for a definition that belongs to the run alone. */
  readonly version: number | null;
  /** @returns undefined when the run may not be stored */
  readonly store: (run: NewRun) => Promise<InsertedRun | undefined>;
}

/** Checks the input and the limits, stores a run of a version, and asks for its first step. @returns undefined when it may not be stored */
export async function launchVersion(
  tenant: Tenant,
  request: StartRequest,
  version: Launch,
): Promise<Started | undefined> {
  const checked = checkInput(readInputSchema(version.definition), request.input);
  if (!checked.ok) return { ok: false, reason: "invalid-input", problems: checked.problems };
  const refused = await refuseStart(tenant, request.workflowId, version.limits);
  if (refused) return refused;
  const run = await version.store({
    id: newId(),
    agentType: version.kind,
    workflowId: request.workflowId,
    versionId: version.versionId,
    version: version.version,
    input: checked.input,
    trigger: request.trigger,
    idempotencyKey: request.idempotencyKey,
    priority: request.priority,
    timeoutMs: readRunTimeout(version.definition),
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

/** Refuses a start when the workspace or the workflow has started as much within a minute as it may. */
async function refuseStart(
  tenant: Tenant,
  workflowId: string,
  ofWorkflow: PaceLimits,
): Promise<TooManyStarts | undefined> {
  const ofWorkspace = await readPace(tenant);
  const limits = [
    { name: `ws_${tenant.workspaceId}`, perMinute: ofWorkspace.startsPerMinute },
    { name: `wf_${workflowId}`, perMinute: ofWorkflow.startsPerMinute },
  ];
  for (const { name, perMinute } of limits) {
    if (perMinute === undefined) continue;
    const { allowed, retryAfterS } = await limitMinute("starts", name, perMinute);
    if (!allowed) return { ok: false, reason: "too-many-starts", retryAfterS };
  }
  return undefined;
}

function hasRespondStep({ steps }: JsonObject): boolean {
  return (
    isJsonObject(steps) &&
    Object.values(steps).some((step) => isJsonObject(step) && step["type"] === "respond")
  );
}

function readInputSchema({ input }: JsonObject): JsonObject | undefined {
  return isJsonObject(input) ? input : undefined;
}
