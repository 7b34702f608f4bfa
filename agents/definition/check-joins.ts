import type { PlanEdge } from "#/agents/definition/plan.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";

/** Decisions that are looked at. With 40 conditions before a join it takes 60 ms; more than about ten of them get a partial check. */
const WAYS_CHECKED = 2048;

/** Steps that one way through the graph comes by. */
type Way = ReadonlySet<string>;
/** By index of the edge with conditions: the step that it leads to. */
type Decisions = ReadonlyMap<number, string>;

/** A join waits for all of its steps. If a condition passes one of them by while another runs, the run would end without the join. */
export function joinProblems(edges: readonly PlanEdge[]): Problem[] {
  if (!edges.some(isJoin)) return [];
  const ways = waysThrough(withoutSideways(edges));
  return edges.flatMap((edge, index) => (isJoin(edge) ? edge.from.flatMap((name, position) => skipped({ name, position, index, edge }, ways)) : []));
}

/** A run ends when nothing is left to run: a join to the end waits for nobody. */
const isJoin = (edge: PlanEdge) => edge.from.length > 1 && edge.otherwise !== "end";

interface Member {
  readonly name: string;
  readonly position: number;
  readonly index: number;
  readonly edge: PlanEdge;
}

function skipped({ name, position, index, edge }: Member, ways: readonly Way[]): Problem[] {
  const other = edge.from.find((member) => ways.some((way) => way.has(member) && !way.has(name)));
  if (other === undefined) return [];
  const message = `A condition can pass “${name}” by while “${other}” runs. The join would wait for it for ever and “${edge.otherwise}” would never happen.`;
  return [{ path: pointer("edges", index, "from", position), message, suggestion: `one edge for each: ${edge.from.map((from) => `{from: ${from}, to: ${edge.otherwise}}`).join(", ")}` }];
}

/** Where a decision does not lead to a join, it does not matter how it is made: all such places become the end. */
function withoutSideways(edges: readonly PlanEdge[]): readonly PlanEdge[] {
  const leading = new Set(edges.filter(isJoin).flatMap((edge) => edge.from));
  for (let before = 0; before !== leading.size; ) {
    before = leading.size;
    const nearer = edges.filter((edge) => targetsOf(edge).some((target) => leading.has(target)));
    for (const name of nearer.flatMap((edge) => edge.from)) leading.add(name);
  }
  const kept = (target: string) => (leading.has(target) ? target : "end");
  return edges.map((edge) => ({ from: edge.from, when: edge.when.map((branch) => ({ if: branch.if, to: kept(branch.to) })), otherwise: kept(edge.otherwise) }));
}

/** Every combination of decisions that ends. Ways that go in circles are left out: a loop is left at some time. */
function waysThrough(edges: readonly PlanEdge[]): readonly Way[] {
  const ways: Way[] = [];
  const open: Decisions[] = [new Map()];
  for (let checked = 0; checked < WAYS_CHECKED; checked += 1) {
    const decisions = open.pop();
    if (!decisions) break;
    const way = follow(edges, decisions);
    const undecided = edges.findIndex((edge, index) => edge.when.length > 0 && way.has(edge.from[0] ?? "") && !decisions.has(index));
    const edge = edges[undecided];
    if (edge) open.push(...targetsOf(edge).map((target) => new Map([...decisions, [undecided, target]])));
    else if (!isCircular(edges, decisions, way)) ways.push(way);
  }
  return ways;
}

const targetsOf = (edge: PlanEdge): string[] => [...new Set([...edge.when.map((branch) => branch.to), edge.otherwise])];

/** Where an edge leads with these decisions; undefined if that is not decided. */
function targetOf(edge: PlanEdge, index: number, decisions: Decisions): string | undefined {
  return edge.when.length === 0 ? edge.otherwise : decisions.get(index);
}

function follow(edges: readonly PlanEdge[], decisions: Decisions): Way {
  const way = new Set(["start"]);
  for (let before = 0; before !== way.size; ) {
    before = way.size;
    const targets = edges.map((edge, index) => (edge.from.every((from) => way.has(from)) ? targetOf(edge, index, decisions) : undefined));
    for (const target of targets) if (target !== undefined) way.add(target);
  }
  return way;
}

/** Takes away what nothing leads to, again and again. What stays is a circle. */
function isCircular(edges: readonly PlanEdge[], decisions: Decisions, way: Way): boolean {
  const links = edges.flatMap((edge, index) => {
    const to = targetOf(edge, index, decisions);
    return to === undefined ? [] : edge.from.filter((from) => way.has(from)).map((from) => ({ from, to }));
  });
  const left = new Set(way);
  for (let before = 0; before !== left.size; ) {
    before = left.size;
    const entered = new Set(links.filter((link) => left.has(link.from)).map((link) => link.to));
    for (const name of left) if (!entered.has(name)) left.delete(name);
  }
  return left.size > 0;
}
