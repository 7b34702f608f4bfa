import {
  type Exposure,
  exposeStep,
  NOTHING,
  type Origins,
  type Surroundings,
} from "#/agents/definition/check/rule-of-two/exposure.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Plan, PlanEdge, PlanStep } from "#/agents/definition/plan/plan.ts";
import { partPlan, toPlan } from "#/agents/definition/plan/planner.ts";
import { INWARD } from "#/agents/vocabulary/capability.ts";

/** A step of a definition, those inside maps and crews among them, and where a run goes from it. */
export interface FlowNode {
  /** The names that lead to it, with slashes between. */
  readonly key: string;
  readonly exposure: Exposure;
  /** The ways that are taken side by side. */
  readonly ways: readonly FlowWay[];
}

/** A way from a step. */
interface FlowWay {
  /** One of them is taken. What leads out of the definition leads to no node. */
  readonly targets: readonly string[];
  /** The steps that have to be done before it is gone. */
  readonly waitsFor: readonly string[];
}

/** The node before all steps: a run's input. */
export const START = "start";

/** Lays a definition out as one graph, the steps of its maps and crews between those before and behind them. */
export function drawFlow(definition: Definition, around: Surroundings): readonly FlowNode[] {
  const reads: Origins = Object.fromEntries(
    INWARD.filter((inward) => around.input.includes(inward)).map((inward) => [inward, { step: START }]),
  );
  const { entries, nodes } = drawPlan(toPlan(definition), { prefix: "", exit: EXIT, around });
  return [{ key: START, exposure: { ...NOTHING, reads }, ways: entries }, ...nodes];
}

/** No key is like it. */
const EXIT = " end";

interface Place {
  readonly prefix: string;
  /** The node that its end leads to. */
  readonly exit: string;
  readonly around: Surroundings;
}

interface DrawnPlan {
  readonly entries: readonly FlowWay[];
  readonly nodes: readonly FlowNode[];
}

function drawPlan(plan: Plan, place: Place): DrawnPlan {
  const { prefix, exit } = place;
  const leaving = listLeaving(plan.edges);
  const waysOf = (id: string) =>
    listWays(leaving.get(id) ?? [], plan.steps[id]).map(({ targets, waitsFor }) => ({
      targets: targets.map((to) => (to === "end" ? exit : prefix + to)),
      waitsFor: waitsFor.map((from) => prefix + from),
    }));
  const nodes = Object.entries(plan.steps).flatMap(([id, step]) => {
    const key = prefix + id;
    const node = { key, exposure: exposeStep(key, step, place.around), ways: waysOf(id) };
    return step.type === "map" || step.type === "crew" ? drawAround(partPlan(plan, id), node, place) : [node];
  });
  return { entries: waysOf(START), nodes };
}

/**
 * Draws a step that has steps inside: it leads to them, and they to a node behind them. The items of a map know nothing of each other, but behind
 * the map is known what any of them has let in.
 */
function drawAround(inner: Plan, node: FlowNode, { around }: Place): readonly FlowNode[] {
  const behind = `${node.key} behind`;
  const { entries, nodes } = drawPlan(inner, { prefix: `${node.key}/`, exit: behind, around });
  const answers: Origins = Object.assign({}, ...nodes.map(({ exposure }) => listKnown(exposure)));
  // A list may be empty.
  const ways = withTarget(entries, behind);
  return [{ ...node, ways }, ...nodes, { key: behind, exposure: { ...NOTHING, answers }, ways: node.ways }];
}

const listKnown = ({ reads, answers }: Exposure): Origins => ({ ...answers, ...reads });

/** Lists ways by the steps that they leave. */
function listLeaving(edges: readonly PlanEdge[]): ReadonlyMap<string, readonly FlowWay[]> {
  const all = edges.flatMap((edge) => edge.from.map((from) => ({ from, way: readWay(edge) })));
  const grouped = Map.groupBy(all, ({ from }) => from);
  return new Map([...grouped].map(([from, leaving]) => [from, leaving.map(({ way }) => way)]));
}

const readWay = ({ from, when, otherwise, join }: PlanEdge): FlowWay => ({
  targets: [...when.map(({ to }) => to), otherwise],
  waitsFor: from.length > 1 && join !== "each" ? from : [],
});

/** A failure goes its detour instead of any other way. */
function listWays(ways: readonly FlowWay[], step: PlanStep | undefined): readonly FlowWay[] {
  if (typeof step?.onError !== "object" || !("goto" in step.onError)) return ways;
  return withTarget(ways, step.onError.goto);
}

/** Whoever takes the other target waits for nobody. */
const withTarget = (ways: readonly FlowWay[], target: string): readonly FlowWay[] =>
  ways.length === 0
    ? [{ targets: [target], waitsFor: [] }]
    : ways.map(({ targets }) => ({ targets: [...targets, target], waitsFor: [] }));
