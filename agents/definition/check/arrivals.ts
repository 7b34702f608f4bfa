import { listDetours, graphOfBody } from "#/agents/definition/check/graph.ts";
import type { PlanEdge } from "#/agents/definition/plan/plan.ts";
import { toPlan } from "#/agents/definition/plan/planner.ts";
import { placed, pointer, type Problem } from "#/agents/definition/problem.ts";
import { spendWork } from "#/agents/definition/work.ts";
import type { Definition, GraphDefinition } from "#/agents/definition/format/definition.ts";

/** To look at a pair of steps. */
const PAIR_WORK = 2;

/**
 * Steps that parallel branches can reach one after the other, so that they run once for each. That may be meant, so it keeps nothing from being published.
 * How long a branch takes is not known (a person decides, a call is repeated), so branches of the same length count too.
 */
export function arrivalWarnings(definition: Definition): Problem[] {
  if (definition.kind !== "graph") return [];
  const bodies = Object.entries(definition.steps).flatMap(([id, step]) =>
    step.type === "map" && "steps" in step.do
      ? placed(pointer("steps", id, "do"), graphWarnings(graphOfBody(definition, step.do)))
      : [],
  );
  return [...graphWarnings(definition), ...bodies];
}

function graphWarnings(graph: GraphDefinition): Problem[] {
  const net = new Net(toPlan(graph).edges, listDetours(graph));
  return [...net.repeated()].map(([step, sources]) => makeWarning(step, [...sources], net));
}

function makeWarning(step: string, sources: readonly string[], net: Net): Problem {
  const list = sources.map((source) => `“${source}”`).join(", ");
  const from = sources.length > 1 ? sources.join(", ") : `${sources[0]}, …`;
  const viaCondition = sources.filter((source) => net.isChoice(source, step));
  const own =
    viaCondition.length === 0
      ? ""
      : ` ${viaCondition.map((source) => `“${source}”`).join(", ")} leads to it by a condition or an error: give that way a step of its own to join on.`;
  const message = `Parallel branches can reach “${step}” one after the other (by ${list}), and it runs once for each. To run it once, when all branches that were taken have arrived, write {from: [${from}], to: ${step}, join: active} in place of their edges.${own} If once for each is meant, say so with join: each.`;
  return { path: pointer("steps", step), message };
}

/** The places where something can be: at a step, or before a join. */
type Place = string;
const slotOf = (join: number, step: string): Place => `${join}:${step}`;
const gateOf = (join: number): Place => `${join}:`;

interface Link {
  readonly to: Place;
  /** True where the author has said that every arrival counts. */
  readonly isMeant: boolean;
  /** Of one edge only one target is taken; of an error policy nothing else. */
  readonly edge: number | "error";
}

interface Junction {
  readonly target: string;
  /** The places that have to be taken before it continues: one for each step, or one for all. */
  readonly slots: readonly Place[];
  /** Places from which somebody may still arrive; undefined for a join that waits for all of its steps anyway. */
  readonly upstream?: ReadonlySet<Place>;
}

/**
 * Which places can be taken at the same time: two that follow different edges of one step, and whatever follows from them. The relation is closed under
 * every move, as in nets of Petri; it errs on the side of a warning where conditions depend on each other.
 */
class Net {
  readonly #links = new Map<Place, Link[]>();
  readonly #junctions = new Map<Place, Junction>();
  readonly #together = new Map<Place, Set<Place>>();
  readonly #open: (readonly [Place, Place])[] = [];
  readonly #repeated = new Map<string, Set<string>>();

  constructor(edges: readonly PlanEdge[], detours: ReadonlyMap<string, string>) {
    for (const [index, edge] of edges.entries()) this.#addEdge(edge, index);
    for (const [step, to] of detours) this.#link(step, { to, isMeant: false, edge: "error" });
    for (const [index, edge] of edges.entries())
      if (edge.join === "active")
        this.#junctions.set(gateOf(index), {
          target: edge.otherwise,
          slots: [gateOf(index)],
          upstream: this.#findUpstream(gateOf(index)),
        });
    for (const links of this.#links.values()) this.#fork(links);
    for (let pair = this.#open.pop(); pair; pair = this.#open.pop()) {
      this.#move(pair[0], pair[1]);
      this.#move(pair[1], pair[0]);
    }
  }

  /** The steps that run more than once, with those that lead to them. What is repeated because a step before it is goes without saying. */
  repeated(): ReadonlyMap<string, ReadonlySet<string>> {
    const own = [...this.#repeated].filter(([step]) => this.#sourcesOf(step) > 1);
    const before = new Map(own.map(([step]) => [step, this.#findUpstream(step)]));
    const follows = (step: string) =>
      own.some(([other]) => before.get(step)?.has(other) && !before.get(other)?.has(step));
    return new Map(own.filter(([step]) => !follows(step)));
  }

  /** Returns whether a step leads to another one by a condition or an error only. */
  isChoice(from: string, to: string): boolean {
    return (this.#links.get(from) ?? []).some(
      (link) => link.to === to && (link.edge === "error" || this.#isConditional(from, link.edge)),
    );
  }

  #isConditional = (from: string, edge: number) =>
    (this.#links.get(from) ?? []).filter((link) => link.edge === edge).length > 1;

  #sourcesOf = (step: string) =>
    [...this.#links.values()].flat().filter(({ to }) => to === step).length +
    [...this.#junctions.values()].filter(({ target }) => target === step).length;

  #addEdge({ from, when, otherwise, join }: PlanEdge, index: number): void {
    const isJoin = from.length > 1 && join === undefined;
    const slots = from.map((step) => slotOf(index, step));
    for (const [position, step] of from.entries()) {
      const place = isJoin ? slotOf(index, step) : join === "active" ? gateOf(index) : undefined;
      const targets = place === undefined ? [...when.map(({ to }) => to), otherwise] : [place];
      for (const to of targets) this.#link(step, { to, isMeant: join === "each", edge: index });
      const slot = slots[position];
      if (isJoin && slot !== undefined) this.#junctions.set(slot, { target: otherwise, slots });
    }
  }

  #link(from: Place, link: Link): void {
    const links = this.#links.get(from);
    if (links) links.push(link);
    else this.#links.set(from, [link]);
  }

  /** The places from which one can come to a place, other than through it. */
  #findUpstream(place: Place): ReadonlySet<Place> {
    const upstream = new Set<Place>();
    const open = [place];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const from of this.#leadingTo(next)) {
        if (from === place || upstream.has(from)) continue;
        upstream.add(from);
        open.push(from);
      }
    }
    return upstream;
  }

  #leadingTo(place: Place): readonly Place[] {
    spendWork(this.#links.size + this.#junctions.size);
    const steps = [...this.#links]
      .filter(([, links]) => links.some(({ to }) => to === place))
      .map(([from]) => from);
    return [
      ...steps,
      ...[...this.#junctions].filter(([, { target }]) => target === place).map(([slot]) => slot),
    ];
  }

  /** Adds the pairs of places that follow different edges of one step: they are under way at the same time. */
  #fork(links: readonly Link[]): void {
    const byEdge = links.filter(({ edge }) => edge !== "error");
    for (const one of byEdge)
      for (const other of byEdge) if (one.edge !== other.edge) this.#pair(one.to, other.to);
  }

  #pair(one: Place, other: Place): void {
    spendWork(PAIR_WORK);
    const known = this.#together.get(one) ?? new Set();
    if (one === other || one === "end" || other === "end" || known.has(other)) return;
    this.#together.set(one, known.add(other));
    this.#together.set(other, (this.#together.get(other) ?? new Set()).add(one));
    this.#open.push([one, other]);
  }

  /** Adds the pairs that come of one when one side continues and the other stays. */
  #move(going: Place, staying: Place): void {
    for (const { to, isMeant } of this.#links.get(going) ?? []) {
      if (to === staying && !isMeant) this.#repeat(to, going);
      this.#pair(to, staying);
    }
    const junction = this.#junctions.get(going);
    if (!junction || junction.slots.includes(staying)) return;
    const { target, slots, upstream } = junction;
    if (upstream ? upstream.has(staying) : !slots.every((slot) => this.#together.get(slot)?.has(staying)))
      return;
    if (target === staying) this.#repeat(target, going);
    this.#pair(target, staying);
  }

  #repeat(step: string, source: Place): void {
    if (step.includes(":")) return;
    const names = source.includes(":")
      ? (this.#junctions.get(source)?.slots ?? []).flatMap((slot) => this.#leadingTo(slot))
      : [source];
    this.#repeated.set(step, new Set([...(this.#repeated.get(step) ?? []), ...names]));
  }
}
