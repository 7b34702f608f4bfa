/** The place of an active join in the graph, by the names of nodes. */
export interface Gate {
  /** The node that every arrival leads to. */
  readonly name: string;
  /** The node that looks again whether the gate may open. */
  readonly look: string;
  /** The node behind it. */
  readonly target: string;
}

/** The nodes that each node leads to. */
export type Leads = ReadonlyMap<string, ReadonlySet<string>>;

export interface PlacedGate extends Gate {
  /** Nodes from which somebody may still arrive, other than through the gate itself. */
  readonly upstream: ReadonlySet<string>;
  /** Gates that open before this one, when both have somebody waiting. */
  readonly after: readonly string[];
  /** Nodes of other gates that look again when this one opens: what was waiting here may be under way to them. */
  readonly wakes: readonly string[];
}

/**
 * Gates that can be reached from one another wait for one another. Two that can each be reached from the other would do so for ever, so the one that is
 * written first opens first. The relation is transitive: on a way from a gate to another, and on from there to a third, the third is reached at last.
 */
export function placeGates(gates: readonly Gate[], leads: Leads): readonly PlacedGate[] {
  const placed = gates.map((gate) => Object.assign({}, gate, { upstream: findUpstream(gate, leads) }));
  return placed.map((gate, index) => {
    const waitsFor = (other: typeof gate, place: number) =>
      gate.upstream.has(other.name) && (!other.upstream.has(gate.name) || place < index);
    const after = placed
      .filter((other, place) => other !== gate && waitsFor(other, place))
      .map(({ name }) => name);
    const wakes = placed
      .filter((other) => other !== gate && other.upstream.has(gate.name))
      .map(({ look }) => look);
    return Object.assign({}, gate, { after, wakes });
  });
}

function findUpstream({ name, look }: Gate, leads: Leads): ReadonlySet<string> {
  const sources = new Map<string, string[]>();
  for (const [from, targets] of leads)
    for (const to of targets) sources.set(to, [...(sources.get(to) ?? []), from]);
  const upstream = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const from of sources.get(next) ?? []) {
      if (from === name || from === look || upstream.has(from)) continue;
      upstream.add(from);
      open.push(from);
    }
  }
  return upstream;
}

/** Everything known when a gate is looked at. */
export interface GateView {
  /** True if somebody has arrived since the gate opened last. */
  readonly isPending: boolean;
  /** Nodes that run in this superstep. */
  readonly running: Iterable<string>;
  /** Nodes that wait for an answer. */
  readonly parked: Iterable<string>;
  /** Gates that somebody waits at. */
  readonly pending: ReadonlySet<string>;
}

/**
 * Decides whether a gate opens: when nobody else can arrive. `look-again`: what runs now may be on its way, so the next superstep knows more. `stay`: somebody who
 * waits elsewhere has to move first, and wakes the gate.
 */
export function decideGate(
  { upstream, after }: PlacedGate,
  { isPending, running, parked, pending }: GateView,
): "idle" | "open" | "look-again" | "stay" {
  if (!isPending) return "idle";
  if (isAnyIn(running, upstream)) return "look-again";
  return isAnyIn(parked, upstream) || after.some((name) => pending.has(name)) ? "stay" : "open";
}

function isAnyIn(names: Iterable<string>, among: ReadonlySet<string>): boolean {
  for (const name of names) if (among.has(name)) return true;
  return false;
}
