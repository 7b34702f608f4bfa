import * as v from "valibot";
import {
  type Channels,
  mapChannel,
  type NodeResult,
  stateChannel,
  type StepNode,
  type Update,
} from "#/agents/steps/node.ts";
import { resolvePolicies, saveKeyOf, valueUpdate, withoutDetour } from "#/agents/steps/policies.ts";
import type { MapStep } from "#/agents/steps/map/type.ts";
import { type OneTaskStep, runStep } from "#/agents/steps/runs.ts";
import { typeOf } from "#/agents/steps/table.ts";
import type { Plan } from "#/agents/definition/plan/plan.ts";
import { resolve } from "#/agents/definition/expression/template.ts";
import { RETRY_DEFAULTS } from "#/agents/engine/failure.ts";
import type { MapItem, RunError } from "#/agents/engine/run.ts";
import { ChildResults } from "#/agents/steps/child-results.ts";
import { describeItemFailure } from "#/agents/steps/failure-path.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import { chooseShorter } from "#/agents/steps/within-time.ts";

/** Up to so many items of a one-call step run side by side in one superstep; more of them, or more work each, are runs of their own. */
const NARROW = 8;
const MOST_ITEMS = 10_000;

const isOneCall = (action: MapStep["do"]): action is OneTaskStep =>
  "type" in action && typeOf(action).policy.isOneCall === true;

const Failure = v.object({ code: v.string(), message: v.string(), step: v.optional(v.string()) });
const Result = v.union([
  v.strictObject({ ok: v.literal(true), value: v.unknown() }),
  v.strictObject({ ok: v.literal(false), error: Failure }),
]);
type Result = v.InferOutput<typeof Result>;

/**
 * The channel of a map: how many items, those that are to be done in the next superstep, and results by index. `failed` when it has no items to speak of,
 * or its runs have failed, and its error policy says what follows.
 */
const Progress = v.looseObject({
  count: v.number(),
  items: v.array(v.unknown()),
  failed: v.optional(Failure),
});
type Progress = v.InferOutput<typeof Progress>;

const Sent = v.object({ map: v.object({ item: v.unknown(), index: v.number() }) });
export interface SentItem {
  readonly map: MapItem;
}

/** The items that are to be done side by side; undefined when there are none, because they were runs of their own. */
export function itemsToSend(id: string, channels: Channels): readonly SentItem[] | undefined {
  const { items } = v.parse(Progress, channels[mapChannel(id)]);
  return items.length === 0 ? undefined : items.map((item, index) => ({ map: { item, index } }));
}

interface MapNodes {
  /** Reads the list; where the items are runs of their own it starts them and waits. */
  readonly begin: StepNode;
  /** Does one item. */
  readonly item: StepNode | undefined;
  /** Puts the results together. */
  readonly end: StepNode;
}

export function mapNodes(plan: Plan, id: string, step: MapStep): MapNodes {
  const policies = resolvePolicies(id, step);
  return {
    begin: {
      ...policies,
      kind: "step",
      quiet: true,
      run: (task) => begin(plan, { id, step, task }),
      onFailure: (failed) =>
        isHandled(step)
          ? { [mapChannel(id)]: { count: 0, items: [], failed } satisfies Progress }
          : undefined,
    },
    item: isOneCall(step.do) ? itemNode(plan, { id, map: step, action: step.do }) : undefined,
    end: endNode(id, step),
  };
}

/** Returns whether the map's error policy says what follows a failure. The run does not fail then, and it is the map's last node that says so. */
const isHandled = ({ onError }: MapStep) => onError !== undefined && onError !== "fail";

/** Nothing of it can come out differently another time: what is to be tried again is the items. */
function endNode(id: string, step: MapStep): StepNode {
  const policies = resolvePolicies(id, step);
  return {
    ...policies,
    kind: "step",
    retry: RETRY_DEFAULTS.pure,
    run: async (task, channels) => {
      const value = fold(step, listResults(channels[mapChannel(id)]));
      const update = { ...valueUpdate(saveKeyOf(id, step), value), [mapChannel(id)]: null };
      return {
        value,
        input: { items: resolve(step.items, task.scope) },
        update: withoutDetour(id, step, update),
      };
    },
    onFailure: (error, channels) => withoutProgress(id, policies.onFailure(error, channels)),
  };
}

const withoutProgress = (id: string, update: Update | undefined) =>
  update && { ...update, [mapChannel(id)]: null };

interface Beginning {
  readonly id: string;
  readonly step: MapStep;
  readonly task: Task;
}

async function begin(plan: Plan, { id, step, task }: Beginning): Promise<NodeResult> {
  const items = requireList(resolve(step.items, task.scope));
  const isNarrow = items.length <= Math.min(NARROW, step.parallel) && isOneCall(step.do);
  const progress = { count: items.length, items: isNarrow ? items : [] };
  if (isNarrow || items.length === 0) return { value: progress, update: { [mapChannel(id)]: progress } };
  const { workflowId, versionId, version } = task.run;
  const runs = items.map((item, index) => ({
    id: task.ports.newId(),
    agentType: plan.kind,
    workflowId,
    versionId,
    version,
    fragment: plan.place === undefined ? id : `${plan.place}/${id}`,
    item: { item, index },
    timeoutMs: task.timeLimitMs,
  }));
  const policy = step.onItemError === "fail" ? "fail" : "collect";
  const answer: unknown = task.wait({
    kind: "child",
    step: id,
    children: { policy, parallel: step.parallel, runs },
  });
  const results = v.parse(ChildResults, answer).map(({ status, output, error }): Result =>
    status === "succeeded"
      ? { ok: true, value: output ?? null }
      : {
          ok: false,
          error: error ?? { code: status, message: `The run of this item ended as ${status}.` },
        },
  );
  // A failure is one before anything of it is stored: a retry starts the items again, and not what puts their results together.
  fold(step, results);
  return { value: progress, update: { [mapChannel(id)]: { ...progress, ...byIndex(results) } } };
}

function requireList(items: unknown): readonly unknown[] {
  if (!Array.isArray(items))
    throw new StepError(
      "not-a-list",
      `The items of a map must be a list; these are ${items === null ? "null" : typeof items}.`,
    );
  if (items.length > MOST_ITEMS)
    throw new StepError(
      "too-many-items",
      `A map takes ${MOST_ITEMS} items at most; these are ${items.length}.`,
    );
  return items;
}

interface PlacedItem {
  readonly id: string;
  readonly map: MapStep;
  readonly action: OneTaskStep;
}

/**
 * An item that fails has the value that its step's error policy gives it; without one it is left to the map. Where the run fails with it, it does so at
 * once: a retry begins with the items, and not with what puts their results together.
 */
function itemNode(plan: Plan, { id, map, action }: PlacedItem): StepNode {
  const policies = itemPolicies(id, map, action);
  return {
    ...policies,
    kind: typeOf(action).policy.log ?? "step",
    sent: true,
    keyOf: (channels) => `${id}.${v.parse(Sent, channels).map.index}`,
    run: async (task, channels) => {
      const { item, index } = v.parse(Sent, channels).map;
      const result = await runStep(
        action,
        { ...task, scope: { ...task.scope, item, index } },
        { id, plan, channels },
      );
      return {
        ...result,
        input: { item, index, ...asFields(result.input) },
        update: { [mapChannel(id)]: { [index]: { ok: true, value: result.value ?? null } } },
      };
    },
    onFailure: (error, channels) => {
      const instead = policies.onFailure(error, channels);
      if (!instead && map.onItemError === "fail" && !isHandled(map)) return undefined;
      const result: Result = instead
        ? { ok: true, value: instead[stateChannel(saveKeyOf(id, action))] }
        : { ok: false, error };
      return { [mapChannel(id)]: { [v.parse(Sent, channels).map.index]: result } };
    },
  };
}

/** Resolves the policies of a map's items: the map's time and tries hold for them, as for those that are runs of their own; an item's own retry comes before the map's. */
function itemPolicies(id: string, map: MapStep, action: OneTaskStep): ReturnType<typeof resolvePolicies> {
  const retry = action.retry ?? map.retry;
  const policies = resolvePolicies(id, retry ? { ...action, retry } : action);
  if (map.timeout === undefined) return policies;
  const { timeoutMs, timeLimitMs } = resolvePolicies(id, map);
  return {
    ...policies,
    timeoutMs: action.timeout === undefined ? timeoutMs : Math.min(policies.timeoutMs, timeoutMs),
    timeLimitMs: chooseShorter(policies.timeLimitMs, timeLimitMs),
  };
}

const asFields = (input: unknown) => (input === undefined ? {} : { input });

const byIndex = (results: readonly Result[]): Readonly<Record<string, Result>> =>
  Object.fromEntries(results.map((result, index) => [String(index), result]));

/** @throws StepError when the map had to stop before its items */
function listResults(progress: unknown): readonly Result[] {
  const known = v.parse(Progress, progress);
  if (known.failed) throw new StepError(known.failed.code, known.failed.message);
  return Array.from({ length: known.count }, (_, index) => v.parse(Result, known[String(index)]));
}

/** Puts together what a map gives: the values in the order of the items; with "collect" each with its outcome. @throws StepError when an item failed and none may */
function fold({ onItemError }: MapStep, results: readonly Result[]): unknown {
  if (onItemError === "collect") return results;
  const failed = results.findIndex((result) => !result.ok && !wasStoppedByAnother(result.error, results));
  const first = results[failed];
  if (onItemError === "fail" && first && !first.ok)
    throw new StepError("item-failed", describeItemFailure(failed + 1, results.length, first.error));
  return results.flatMap((result) => (result.ok ? [result.value] : []));
}

/** Items that were stopped because another one failed are not the ones to speak of. */
const wasStoppedByAnother = (error: RunError, results: readonly Result[]) =>
  error.code === "cancelled" && results.some((other) => !other.ok && other.error.code !== "cancelled");
