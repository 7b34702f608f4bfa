import type { CallFrame, CpuProfile, HeapNode } from "./record.ts";

/** Whose code a function is. */
export type Owner = "ours" | "dependency" | "node" | "collector";

/** A function as people know it. */
export interface Named {
  readonly name: string;
  /** A file of ours with its line, a package, or nothing. */
  readonly place: string;
  readonly owner: Owner;
}

/** A call with all that was called from it. `self` and `total`: milliseconds, or bytes. */
export interface Call extends Named {
  readonly self: number;
  readonly total: number;
  readonly children: readonly Call[];
}

/** Waiting is no work; and while no function runs, V8 cannot tell waiting from what the system does for the process. */
const NOT_WORK = new Set(["(idle)", "(program)", "(root)"]);
/** What taking the profile costs is not what was asked for. */
const ASKING = "node:inspector";

/** The calls of a CPU profile with the milliseconds that were spent in each. */
export function cpuCalls(
  { nodes, samples = [], timeDeltas = [] }: CpuProfile,
  name: (frame: CallFrame) => Named,
): Call {
  const selfMs = new Map<number, number>();
  for (const [index, id] of samples.entries())
    selfMs.set(id, (selfMs.get(id) ?? 0) + Math.max(0, timeDeltas[index] ?? 0) / 1_000);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const build = (id: number): Raw => {
    const node = byId.get(id);
    const frame = node?.callFrame ?? NOWHERE;
    if (frame.url === ASKING) return { frame, self: 0, children: [] };
    const self = NOT_WORK.has(frame.functionName) ? 0 : (selfMs.get(id) ?? 0);
    return { frame, self, children: (node?.children ?? []).map((child) => build(child)) };
  };
  return toCall(build(nodes[0]?.id ?? 0), name);
}

/** The calls of a heap profile with the bytes that each has allocated. */
export function heapCalls(head: HeapNode, name: (frame: CallFrame) => Named): Call {
  const build = ({ callFrame: frame, selfSize: self, children }: HeapNode): Raw => ({
    frame,
    self: frame.url === ASKING ? 0 : self,
    children: frame.url === ASKING ? [] : children.map((child) => build(child)),
  });
  return toCall(build(head), name);
}

const NOWHERE: CallFrame = { functionName: "(root)", url: "", lineNumber: 0 };

interface Raw {
  readonly frame: CallFrame;
  readonly self: number;
  readonly children: readonly Raw[];
}

function toCall({ frame, self, children }: Raw, name: (frame: CallFrame) => Named): Call {
  const calls = mergeSame(children.map((child) => toCall(child, name)).filter(({ total }) => total > 0));
  const total = calls.reduce((sum, call) => sum + call.total, self);
  return { ...name(frame), self, total, children: calls.toSorted((a, b) => b.total - a.total) };
}

/** V8 knows a function once for each of its versions; people know it once. */
function mergeSame(calls: readonly Call[]): readonly Call[] {
  const groups = Map.groupBy(calls, ({ name, place }) => `${place} ${name}`);
  return [...groups.values()].flatMap((group) => (group.length > 1 ? mergeCalls(group) : group));
}

function mergeCalls(group: readonly Call[]): readonly Call[] {
  const [first] = group;
  if (!first) return [];
  const sum = (key: "self" | "total") => group.reduce((all, call) => all + call[key], 0);
  const children = mergeSame(group.flatMap((call) => call.children)).toSorted((a, b) => b.total - a.total);
  return [{ ...first, self: sum("self"), total: sum("total"), children }];
}
