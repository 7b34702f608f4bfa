import type { GraphDefinition } from "#/agents/definition/schema.ts";

/**
 * What a graph does, superstep by superstep, told once more and as simply as possible: for properties that compare it with the compiled graph. Steps take
 * one superstep each; a condition is `state.<step>.n < k`, that is, how often the step itself has run; a step of `fails` goes its detour or ends the way.
 */
export interface Modelled {
  /** The steps of each superstep. */
  readonly supersteps: readonly (readonly string[])[];
  /** Whether it came to an end within the bound. */
  readonly ended: boolean;
}

type Edge = GraphDefinition["edges"][number];
type Join = Extract<Edge, { to: string }>;

const sources = (edge: Edge): readonly string[] => [edge.from].flat();
const targets = (edge: Edge): readonly string[] => ("to" in edge ? [edge.to] : [...edge.when.map(({ to }) => to), edge.else]);
const kindOf = (edge: Edge) => ("to" in edge && Array.isArray(edge.from) ? (edge.join ?? "all") : "plain");
const bound = (condition: string) => Number(condition.split("< ")[1]);

export function modelGraph({ steps, edges }: Pick<GraphDefinition, "steps" | "edges">, fails: ReadonlySet<string>, most: number): Modelled {
  const ways = edges.filter((edge) => kindOf(edge) !== "all");
  const joins = edges.filter((edge): edge is Join => kindOf(edge) === "all" && targets(edge)[0] !== "end");
  const gates = edges.filter((edge): edge is Join => kindOf(edge) === "active" && targets(edge)[0] !== "end");
  const detour = (id: string) => {
    const { onError } = steps[id] ?? {};
    return typeof onError === "object" && "goto" in onError ? onError.goto : undefined;
  };
  const onwards = (id: string, without: Edge) => edges.filter((edge) => edge !== without && sources(edge).includes(id)).flatMap(targets).concat(detour(id) ?? []);

  /** Whether somebody at this step may still arrive at the gate, other than through it. */
  const mayArrive = (from: string, gate: Join): boolean => {
    const seen = new Set([from]);
    for (const id of seen) for (const next of onwards(id, gate)) seen.add(next);
    return sources(gate).some((id) => seen.has(id));
  };
  /** Of two gates that each wait for the other, the first goes first. */
  const goesBefore = (other: Join, gate: Join) => mayArrive(other.to, gate) && (!mayArrive(gate.to, other) || edges.indexOf(other) < edges.indexOf(gate));

  const runs = new Map<string, number>();
  const arrivedAt = new Map(joins.map((join) => [join, new Set<string>()]));
  const pending = new Set<Join>();
  const supersteps: string[][] = [];
  let now = new Set(ways.filter((edge) => sources(edge).includes("start")).flatMap((edge) => chosen(edge, runs)));
  let arriving = new Set<Join>();
  now.delete("end");

  while ((now.size > 0 || arriving.size > 0 || pending.size > 0) && supersteps.length < most) {
    const next = new Set<string>();
    const nextArriving = new Set<Join>();
    const opened = new Set<Join>();
    for (const gate of gates) {
      if (!pending.has(gate) && !arriving.has(gate)) continue;
      const isBusy = [...now].some((id) => mayArrive(id, gate)) || [...arriving].some((other) => other !== gate && mayArrive(other.to, gate));
      if (!isBusy && ![...pending].some((other) => other !== gate && goesBefore(other, gate))) opened.add(gate);
    }
    for (const gate of arriving) pending.add(gate);
    for (const gate of opened) {
      pending.delete(gate);
      next.add(gate.to);
    }
    if (opened.size === 0 && now.size === 0 && arriving.size === 0) throw new Error("Gates wait for one another for ever.");
    supersteps.push([...now].toSorted());
    for (const id of now) {
      runs.set(id, (runs.get(id) ?? 0) + 1);
      const away = fails.has(id) ? detour(id) : undefined;
      if (away !== undefined) next.add(away);
      if (away !== undefined) continue;
      for (const edge of ways.filter((way) => sources(way).includes(id))) {
        const gate = gates.find((other) => other === edge);
        if (gate) nextArriving.add(gate);
        else for (const to of chosen(edge, runs)) next.add(to);
      }
      for (const join of joins) if (sources(join).includes(id)) arrivedAt.get(join)?.add(id);
    }
    for (const [join, arrived] of arrivedAt) {
      if (arrived.size < sources(join).length) continue;
      arrived.clear();
      next.add(join.to);
    }
    next.delete("end");
    [now, arriving] = [next, nextArriving];
  }
  return { supersteps, ended: supersteps.length < most };
}

/** Where an edge leads, with the counts as they are now. */
function chosen(edge: Edge, runs: ReadonlyMap<string, number>): readonly string[] {
  if ("to" in edge) return [edge.to];
  const open = edge.when.find((branch) => (runs.get(edge.from) ?? 0) < bound(branch.if));
  return [open?.to ?? edge.else];
}
