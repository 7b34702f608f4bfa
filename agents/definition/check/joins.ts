import type { PlanEdge } from "#/agents/definition/plan/plan.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { isRushed, spendWork } from "#/agents/definition/work.ts";

/** Decisions that are looked at. With 40 conditions before a join it takes 60 ms; more than about ten of them get a partial check. */
const WAYS_CHECKED = 2048;

/** The steps that error policies lead to, by the step that fails. */
export type Detours = ReadonlyMap<string, string>;

/** A step that may be done in several ways: by one of an edge's conditions, or by an error that leads away from all of its edges. */
interface Choice {
  readonly step: string;
  /** Undefined for an error policy. */
  readonly edge: number | undefined;
  /** An error policy that is not taken leads nowhere: the edges do. */
  readonly targets: readonly (string | undefined)[];
}

/** The step that each choice has led to. */
type Decisions = ReadonlyMap<Choice, string | undefined>;

/** Steps that one way through the graph comes by, and those of them that continued by their edges. */
interface Way {
  readonly visited: ReadonlySet<string>;
  readonly done: ReadonlySet<string>;
}

interface Junctions {
  readonly edges: readonly PlanEdge[];
  readonly choices: readonly Choice[];
}

/** A join waits for all of its steps. If a condition or an error passes one of them by while another runs, the run would end without the join. */
export function joinProblems(edges: readonly PlanEdge[], detours: Detours): Problem[] {
  if (!edges.some(isJoin)) return [];
  const ways = waysThrough(withoutSideways(edges, detours));
  return edges.flatMap((edge, index) =>
    isJoin(edge) ? edge.from.flatMap((name, position) => skipped({ name, position, index, edge }, ways)) : [],
  );
}

/** A run ends when nothing is left to run: a join to the end waits for nobody. */
const isJoin = (edge: PlanEdge) =>
  edge.from.length > 1 && edge.join === undefined && edge.otherwise !== "end";

interface Member {
  readonly name: string;
  readonly position: number;
  readonly index: number;
  readonly edge: PlanEdge;
}

function skipped({ name, position, index, edge }: Member, ways: readonly Way[]): Problem[] {
  spendWork(1 + (edge.from.length * ways.length) / 10);
  const other = edge.from.find((member) => ways.some(({ done }) => done.has(member) && !done.has(name)));
  if (other === undefined) return [];
  const message = `A condition or an error can pass “${name}” by while “${other}” runs. The join would wait for it for ever and “${edge.otherwise}” would never happen. With join: active it waits for those that were taken.`;
  return [
    {
      path: pointer("edges", index, "from", position),
      message,
      suggestion: `{from: [${edge.from.join(", ")}], to: ${edge.otherwise}, join: active}`,
    },
  ];
}

/** Replaces all places that lead to no join by the end: how such a decision is made does not matter. */
function withoutSideways(edges: readonly PlanEdge[], detours: Detours): Junctions {
  const leading = new Set(edges.filter(isJoin).flatMap((edge) => edge.from));
  // Edges mostly stand in the order of the steps, so that going backwards finds nearly all at once.
  const backwards = edges.toReversed().map((edge) => ({ edge, targets: listTargets(edge) }));
  for (let before = 0; before !== leading.size;) {
    before = leading.size;
    spendWork(backwards.length);
    for (const { edge, targets } of backwards)
      if (targets.some((target) => leading.has(target))) edge.from.forEach((name) => leading.add(name));
    for (const [step, target] of detours) if (leading.has(target)) leading.add(step);
  }
  const kept = (target: string) => (leading.has(target) ? target : "end");
  const near = edges.map((edge) =>
    Object.assign({}, edge, {
      when: edge.when.map((branch) => ({ if: branch.if, to: kept(branch.to) })),
      otherwise: kept(edge.otherwise),
    }),
  );
  const byEdge = near.flatMap((edge, index): Choice[] =>
    edge.when.length === 0 ? [] : [{ step: edge.from[0] ?? "", edge: index, targets: listTargets(edge) }],
  );
  const byError = [...detours].flatMap(([step, target]): Choice[] =>
    leading.has(step) ? [{ step, edge: undefined, targets: [undefined, kept(target)] }] : [],
  );
  return { edges: near, choices: [...byEdge, ...byError] };
}

/** Every combination of decisions that ends. Ways that go in circles are left out: a loop is left at some time. */
function waysThrough(map: Junctions): readonly Way[] {
  const ways: Way[] = [];
  const open: Decisions[] = [new Map()];
  for (let checked = 0; checked < WAYS_CHECKED && !isRushed(); checked += 1) {
    const decisions = open.pop();
    if (!decisions) break;
    const way = follow(map, decisions);
    const undecided = map.choices.find((choice) => way.visited.has(choice.step) && !decisions.has(choice));
    if (undecided)
      open.push(...undecided.targets.map((target) => new Map([...decisions, [undecided, target]])));
    else if (!isCircular(map, decisions, way)) ways.push(way);
  }
  return ways;
}

const listTargets = (edge: PlanEdge): string[] => [
  ...new Set([...edge.when.map((branch) => branch.to), edge.otherwise]),
];

function follow(map: Junctions, decisions: Decisions): Way {
  const byEdge = new Map(
    [...decisions].flatMap(([{ edge }, target]) =>
      edge === undefined || target === undefined ? [] : [[edge, target] as const],
    ),
  );
  const byError = new Map(
    [...decisions].flatMap(([{ edge, step }, target]) =>
      edge !== undefined || target === undefined ? [] : [[step, target] as const],
    ),
  );
  const visited = new Set(["start"]);
  const isDone = (name: string) => visited.has(name) && !byError.has(name);
  for (let before = 0; before !== visited.size;) {
    before = visited.size;
    spendWork(map.edges.length);
    for (const [index, edge] of map.edges.entries()) {
      const isTaken = edge.join === undefined ? edge.from.every(isDone) : edge.from.some(isDone);
      const target = edge.when.length === 0 ? edge.otherwise : byEdge.get(index);
      if (isTaken && target !== undefined) visited.add(target);
    }
    for (const [step, target] of byError) if (visited.has(step)) visited.add(target);
  }
  return { visited, done: new Set([...visited].filter(isDone)) };
}

/** Takes away what nothing leads to, again and again. What stays is a circle. */
function isCircular({ edges, choices }: Junctions, decisions: Decisions, { visited, done }: Way): boolean {
  const links = [
    ...edges.flatMap((edge) =>
      edge.when.length > 0
        ? []
        : edge.from.filter((from) => done.has(from)).map((from) => ({ from, to: edge.otherwise })),
    ),
    ...choices.flatMap((choice) => {
      const to = decisions.get(choice);
      return to === undefined || (choice.edge !== undefined && !done.has(choice.step))
        ? []
        : [{ from: choice.step, to }];
    }),
  ];
  spendWork(2 * links.length);
  return (
    visited.size >
    countPassed(
      visited,
      Map.groupBy(
        links.filter(({ to }) => visited.has(to)),
        ({ from }) => from,
      ),
    )
  );
}

interface Link {
  readonly from: string;
  readonly to: string;
}

/** The steps that are come by when each is entered as soon as nothing before it is left. */
function countPassed(steps: ReadonlySet<string>, onwards: ReadonlyMap<string, readonly Link[]>): number {
  const entries = new Map([...steps].map((name) => [name, 0]));
  for (const { to } of [...onwards.values()].flat()) entries.set(to, (entries.get(to) ?? 0) + 1);
  const open = [...steps].filter((name) => entries.get(name) === 0);
  let passed = 0;
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    passed += 1;
    for (const { to } of onwards.get(name) ?? []) {
      const left = (entries.get(to) ?? 0) - 1;
      entries.set(to, left);
      if (left === 0) open.push(to);
    }
  }
  return passed;
}
