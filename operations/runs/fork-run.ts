import "server-only";
import { runTimeoutOf } from "#/agents/definition/format/duration.ts";
import { type CheckedInput, checkInput } from "#/agents/definition/schema/input.ts";
import { toPlan } from "#/agents/definition/plan/planner.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import { type Plan, stateKeysOfPlan } from "#/agents/definition/plan/plan.ts";
import { forkPoint, type Span } from "#/agents/engine/fork-point.ts";
import { wake } from "#/operations/execution/wake.ts";
import type { Tenant } from "#/db/client.ts";
import { insertEditedVersion, insertFork, type NewFork, type Origin, readOrigin } from "#/db/forks.ts";
import { versionToRun } from "#/db/run-lifecycle.ts";
import { newId } from "#/lib/id.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import * as v from "valibot";

/** The verbs that make a run from a run. What was paid for is not paid for again. */

export type Forking =
  | { readonly ok: true; readonly runId: string }
  | {
      readonly ok: false;
      readonly reason: "not-found" | "wrong-status" | "no-such-step" | "child" | "not-published";
      readonly detail: string;
    }
  | {
      readonly ok: false;
      readonly reason: "invalid-state" | "invalid-input";
      readonly problems: readonly Problem[];
    };

interface Request {
  readonly runId: string;
  /** Who asks, as the new run's trigger names them. */
  readonly trigger: { readonly kind: "manual" | "api"; readonly by: string };
  readonly idempotencyKey?: string | undefined;
}

const RETRYABLE: ReadonlySet<string> = new Set(["failed", "timed_out", "cancelled"]);

/** Goes on with a run that has not succeeded, from its last checkpoint. */
export async function retryRun(tenant: Tenant, request: Request): Promise<Forking> {
  const origin = await readOrigin(tenant, request.runId);
  if (!origin) return NOT_FOUND;
  if (!RETRYABLE.has(origin.status)) {
    return {
      ok: false,
      reason: "wrong-status",
      detail: `This run is ${origin.status}. Only a run that failed, timed out or was cancelled can be retried; any run can be forked or replayed.`,
    };
  }
  // A run that was refused for its input has never begun, and going on with it would get around the check.
  const input = inputOf(origin.definition, origin.input);
  if (!input.ok) return { ok: false, reason: "invalid-input", problems: input.problems };
  return fork(tenant, request, {
    superstep: null,
    fresh: false,
    state: {},
    reuses: true,
    timeoutMs: runTimeoutOf(origin.definition),
  });
}

export interface ForkRequest extends Request {
  readonly step: string;
  /** Which time the step ran, from 1; undefined: the last. */
  readonly occurrence?: number | undefined;
  readonly state?: JsonObject | undefined;
  /** Another definition, checked, with the text that it was written as. */
  readonly edited?: { readonly definition: Definition; readonly text: string } | undefined;
  readonly reuse: boolean;
}

/** Goes on from where a step began, with another state or another definition if that is asked. */
export async function forkRun(tenant: Tenant, request: ForkRequest): Promise<Forking> {
  const origin = await readOrigin(tenant, request.runId);
  if (!origin) return NOT_FOUND;
  const { edited } = request;
  const plan = toPlan(edited?.definition ?? v.parse(Definition, origin.definition));
  const place = placeOf(plan, origin, request);
  if (typeof place !== "number") return place;
  const problems = stateProblems(plan, request.state);
  if (problems.length > 0) return { ok: false, reason: "invalid-state", problems };
  const version = edited ? await storeEdited(tenant, origin, edited) : {};
  const state = Object.fromEntries(
    Object.entries(request.state ?? {}).map(([key, value]) => [`state.${key}`, JSON.stringify(value)]),
  );
  return fork(tenant, request, {
    superstep: place,
    fresh: false,
    state,
    reuses: request.reuse,
    timeoutMs: runTimeoutOf(edited?.definition ?? origin.definition),
    ...version,
  });
}

/** The superstep to go on from, or why there is none. */
function placeOf({ steps }: Plan, { log }: Origin, { step, occurrence }: ForkRequest): number | Forking {
  if (!(step in steps))
    return noSuchStep(`The definition has no step “${step}”. It has: ${Object.keys(steps).join(", ")}.`);
  const superstep = forkPoint(log, step, { span: spanOf(steps[step]?.type), occurrence });
  const times = occurrence === undefined ? "" : ` ${occurrence} times`;
  return (
    superstep ?? noSuchStep(`Step “${step}” has not run${times} in this run, so it cannot go on from there.`)
  );
}

function stateProblems(plan: Plan, state: JsonObject = {}): readonly Problem[] {
  const keys = stateKeysOfPlan(plan);
  const unknown = Object.keys(state).filter((key) => !keys.includes(key));
  return unknown.map((key) => ({
    path: `/state/${key}`,
    message: `There is no state key “${key}”. Known: ${keys.join(", ")}.`,
  }));
}

export interface ReplayRequest extends Request {
  readonly input?: JsonObject | undefined;
  readonly version: "same" | "published";
  readonly reuse: boolean;
}

/** Does the whole run anew. */
export async function replayRun(tenant: Tenant, request: ReplayRequest): Promise<Forking> {
  const origin = await readOrigin(tenant, request.runId);
  if (!origin) return NOT_FOUND;
  const published =
    request.version === "same" ? undefined : await versionToRun(tenant, origin.workflowId, undefined);
  if (typeof published === "string")
    return { ok: false, reason: "not-published", detail: "The workflow has no published version any more." };
  const definition = published?.definition ?? origin.definition;
  const input = inputOf(definition, request.input ?? origin.input);
  if (!input.ok) return { ok: false, reason: "invalid-input", problems: input.problems };
  const version = published && {
    versionId: published.versionId,
    version: published.version,
    agentType: published.kind,
  };
  return fork(tenant, request, {
    superstep: null,
    fresh: true,
    state: {},
    reuses: request.reuse,
    input: request.input && input.input,
    timeoutMs: runTimeoutOf(definition),
    ...version,
  });
}

/** The input has to fit what runs, also when it is the earlier run's: that may have been refused, or the version may be another. */
function inputOf({ input: schema }: JsonObject, given: JsonObject): CheckedInput {
  return checkInput(isJsonObject(schema) ? schema : undefined, given);
}

async function fork(
  tenant: Tenant,
  { runId, trigger, idempotencyKey }: Request,
  how: Omit<NewFork, "id" | "origin" | "trigger">,
): Promise<Forking> {
  const forked = await insertFork(tenant, {
    id: newId(),
    origin: runId,
    trigger: { ...trigger, forkedFrom: runId },
    idempotencyKey,
    ...how,
  });
  if ("runId" in forked) {
    await wake([{ workspaceId: tenant.workspaceId, ...forked }]);
    return { ok: true, runId: forked.runId };
  }
  if (forked.refused === "child")
    return {
      ok: false,
      reason: "child",
      detail: `This run is a part of run ${forked.parentId}: go on with that one.`,
    };
  if (forked.refused === "incomplete")
    return noSuchStep(
      "The state at this checkpoint is incomplete, so nothing can go on from it. Fork from an earlier step, or replay the run.",
    );
  return forked.refused === "not-found"
    ? NOT_FOUND
    : noSuchStep("The checkpoint before this step is not kept any more.");
}

const NOT_FOUND: Forking = { ok: false, reason: "not-found", detail: "There is no such run." };
const noSuchStep = (detail: string): Forking => ({ ok: false, reason: "no-such-step", detail });

function spanOf(type: string | undefined): Span {
  if (type === "map") return "map";
  return type === "agent" ? "several" : "one";
}

async function storeEdited(
  tenant: Tenant,
  { workflowId }: Origin,
  { definition, text }: NonNullable<ForkRequest["edited"]>,
) {
  const id = newId();
  await insertEditedVersion(tenant, { id, workflowId, kind: definition.kind, definition, source: text });
  return { versionId: id, version: null, agentType: definition.kind };
}
