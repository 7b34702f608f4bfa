import { Annotation, type StateDefinition } from "@langchain/langgraph";
import {
  conversationChannel,
  DETOURS,
  JOINS,
  LOOPS,
  mapChannel,
  PARKED,
  STARTED,
  stateChannel,
  parseStateKey,
} from "#/agents/steps/node.ts";
import { type Plan, type PlanStep, listPlanStateKeys } from "#/agents/definition/plan/plan.ts";

export type Reducer = (before: unknown, written: unknown) => unknown;

const asList = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

const asMap = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});

/** The ways in which writes of one superstep fold into a key of the state. "replace" takes the last in task order, also from parallel branches. */
export const REDUCERS = {
  replace: (_before, written) => written,
  append: (before, written) => [...asList(before), ...asList(written)],
  merge: (before, written) => ({ ...asMap(before), ...asMap(written) }),
} satisfies Readonly<Record<string, Reducer>>;

/** null empties a conversation: it is done and its messages must not be carried through every later checkpoint. */
export const conversation: Reducer = (before, written) =>
  written === null ? [] : [...asList(before), ...asList(written)];

/** null takes a task out: it waits no more. */
const parked: Reducer = (before, written) =>
  Object.fromEntries(
    Object.entries({ ...asMap(before), ...asMap(written) }).filter(([, task]) => task !== null),
  );

/** Folds what is under way in a map: results of items by their index, or nothing. A new beginning replaces what was there. */
const progress: Reducer = (before, written) =>
  isBeginning(written) ? written : { ...asMap(before), ...asMap(written) };
const isBeginning = (written: unknown) =>
  written === null || (typeof written === "object" && "count" in written);

/** Declares the channel that every graph has: any of its tasks may have to wait. */
export const parkedChannel = (): StateDefinition => ({
  [PARKED]: Annotation<unknown>({ reducer: parked, default: () => ({}) }),
});

/** LangGraph's state: one channel for each public key, each agent's conversation, and the run's own. */
export function declareChannels(plan: Plan): StateDefinition {
  const keys = listPlanStateKeys(plan);
  const listIds = (type: PlanStep["type"]) =>
    Object.entries(plan.steps).flatMap(([id, step]) => (step.type === type ? [id] : []));
  const isBounded = plan.edges.some((edge) => edge.when.some((branch) => branch.max !== undefined));
  return {
    [STARTED]: channel("replace", true),
    [DETOURS]: channel("merge", {}),
    ...Object.fromEntries(
      keys.map((key) => [
        stateChannel(key),
        channel(plan.channels[key]?.reduce ?? "replace", plan.channels[key]?.default),
      ]),
    ),
    ...(isBounded && { [LOOPS]: channel("merge", {}) }),
    ...(plan.edges.some(({ join }) => join === "active") && { [JOINS]: channel("merge", {}) }),
    ...Object.fromEntries(
      listIds("agent").map((id) => [
        conversationChannel(id),
        Annotation<unknown>({ reducer: conversation, default: () => [] }),
      ]),
    ),
    ...Object.fromEntries(
      listIds("map").map((id) => [
        mapChannel(id),
        Annotation<unknown>({ reducer: progress, default: () => null }),
      ]),
    ),
  };
}

/** The public state of a run that has done nothing yet: every key is there, so that expressions can ask for it. */
export function initialState(plan: Plan): Record<string, unknown> {
  return Object.fromEntries(listPlanStateKeys(plan).map((key) => [key, plan.channels[key]?.default ?? null]));
}

function channel(reduce: keyof typeof REDUCERS, initial: unknown) {
  const reducer: Reducer = REDUCERS[reduce];
  return Annotation<unknown>({ reducer, default: () => initial ?? null });
}

/** The public state: the values of the declared and saved keys. */
export function publicState(channels: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const state: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(channels)) {
    const key = parseStateKey(name);
    if (key !== undefined) state[key] = value;
  }
  return state;
}
