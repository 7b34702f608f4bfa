import type { GraphDefinition } from "#/agents/definition/format/definition.ts";

/** What a graph does, superstep by superstep. */
export interface Modelled {
  /** The steps of each superstep. */
  readonly supersteps: readonly (readonly string[])[];
  /** Whether it came to an end within the bound. */
  readonly ended: boolean;
}

type Graph = Pick<GraphDefinition, "steps" | "edges">;
type Edge = Graph["edges"][number];
type Join = Extract<Edge, { to: string }>;

const sources = (edge: Edge): readonly string[] => [edge.from].flat();
const targets = (edge: Edge): readonly string[] =>
  "to" in edge ? [edge.to] : [...edge.when.map(({ to }) => to), edge.else];
const kindOf = (edge: Edge) => ("to" in edge && Array.isArray(edge.from) ? (edge.join ?? "all") : "plain");
const isJoin =
  (kind: "all" | "active") =>
  (edge: Edge): edge is Join =>
    kindOf(edge) === kind && targets(edge)[0] !== "end";

/**
 * A graph told once more and as simply as possible, for properties that compare it with the compiled one. Steps take one superstep each; a condition is
 * `state.<step>.n < k`, that is, how often the step itself has run; a step of `fails` goes the way of its error policy. Every gate is looked at in
 * every superstep, by a search through the whole graph.
 */
class GraphModel {
  readonly supersteps: string[][] = [];
  readonly #graph: Graph;
  readonly #fails: ReadonlySet<string>;
  readonly #runs = new Map<string, number>();
  readonly #arrived: ReadonlyMap<Join, Set<string>>;
  readonly #gates: readonly Join[];
  readonly #pending = new Set<Join>();
  #now: ReadonlySet<string>;
  #arriving: ReadonlySet<Join> = new Set();

  constructor(graph: Graph, fails: ReadonlySet<string>) {
    this.#graph = graph;
    this.#fails = fails;
    this.#arrived = new Map(graph.edges.filter(isJoin("all")).map((join) => [join, new Set()]));
    this.#gates = graph.edges.filter(isJoin("active"));
    this.#now = withoutEnd(
      graph.edges.filter((edge) => sources(edge).includes("start")).flatMap((edge) => this.#chosen(edge)),
    );
  }

  get isOver(): boolean {
    return this.#now.size === 0 && this.#arriving.size === 0 && this.#pending.size === 0;
  }

  advance(): void {
    const opened = this.#gates.filter((gate) => this.#opens(gate));
    if (opened.length === 0 && this.#now.size === 0 && this.#arriving.size === 0)
      throw new Error("Gates wait for one another for ever.");
    for (const gate of this.#arriving) this.#pending.add(gate);
    for (const gate of opened) this.#pending.delete(gate);
    this.supersteps.push([...this.#now].toSorted());
    for (const id of this.#now) this.#runs.set(id, (this.#runs.get(id) ?? 0) + 1);
    const done = [...this.#now].filter((id) => this.#wayOut(id) === undefined);
    const away = [...this.#now].flatMap((id) => this.#wayOut(id) ?? []);
    const taken = this.#graph.edges
      .filter((edge) => kindOf(edge) !== "all")
      .flatMap((edge) =>
        sources(edge)
          .filter((id) => done.includes(id))
          .map(() => edge),
      );
    const isGate = (edge: Edge): edge is Join => this.#gates.some((gate) => gate === edge);
    this.#arriving = new Set(taken.filter(isGate));
    const onwards = taken.filter((edge) => !isGate(edge)).flatMap((edge) => this.#chosen(edge));
    this.#now = withoutEnd([...away, ...onwards, ...opened.map(({ to }) => to), ...this.#complete(done)]);
  }

  #opens(gate: Join): boolean {
    if (!this.#pending.has(gate) && !this.#arriving.has(gate)) return false;
    const isBusy =
      [...this.#now].some((id) => this.#mayArrive(id, gate)) ||
      [...this.#arriving].some((other) => other !== gate && this.#mayArrive(other.to, gate));
    return !isBusy && ![...this.#pending].some((other) => other !== gate && this.#goesBefore(other, gate));
  }

  /** Whether somebody at this step may still arrive at the gate, other than through it. */
  #mayArrive(from: string, gate: Join): boolean {
    const seen = new Set([from]);
    for (const id of seen) for (const next of this.#onwards(id, gate)) seen.add(next);
    return sources(gate).some((id) => seen.has(id));
  }

  #onwards(id: string, without: Edge): readonly string[] {
    return this.#graph.edges
      .filter((edge) => edge !== without && sources(edge).includes(id))
      .flatMap(targets)
      .concat(this.#detour(id) ?? []);
  }

  /** Of two gates that each wait for the other, the first goes first. */
  #goesBefore(other: Join, gate: Join): boolean {
    const { edges } = this.#graph;
    return (
      this.#mayArrive(other.to, gate) &&
      (!this.#mayArrive(gate.to, other) || edges.indexOf(other) < edges.indexOf(gate))
    );
  }

  /** Where joins lead that wait for all of their steps and have them now. */
  #complete(done: readonly string[]): readonly string[] {
    return [...this.#arrived].flatMap(([join, arrived]) => {
      for (const id of done) if (sources(join).includes(id)) arrived.add(id);
      if (arrived.size < sources(join).length) return [];
      arrived.clear();
      return [join.to];
    });
  }

  #wayOut = (id: string) => (this.#fails.has(id) ? this.#detour(id) : undefined);

  #detour(id: string): string | undefined {
    const { onError } = this.#graph.steps[id] ?? {};
    return typeof onError === "object" && "goto" in onError ? onError.goto : undefined;
  }

  /** Where an edge leads, with the counts as they are now. */
  #chosen(edge: Edge): readonly string[] {
    if ("to" in edge) return [edge.to];
    const bound = (condition: string) => Number(condition.split("< ")[1]);
    const open = edge.when.find((branch) => (this.#runs.get(edge.from) ?? 0) < bound(branch.if));
    return [open?.to ?? edge.else];
  }
}

const withoutEnd = (ids: readonly string[]): ReadonlySet<string> => new Set(ids.filter((id) => id !== "end"));

export function modelGraph(graph: Graph, fails: ReadonlySet<string>, most: number): Modelled {
  const model = new GraphModel(graph, fails);
  while (!model.isOver && model.supersteps.length < most) model.advance();
  return { supersteps: model.supersteps, ended: model.isOver };
}
