import type { Call, Named, Owner } from "./call-tree.ts";

/** Where work of ours was asked for: the innermost function of ours, with everything that it called of others. */
interface HotPath {
  readonly at: Named;
  /** Functions of ours that have called it, nearest first. */
  readonly callers: readonly string[];
  readonly total: number;
  /** Of `total`, by what did it: the function itself, a package, Node. */
  readonly by: ReadonlyMap<string, number>;
}

export interface Unit {
  readonly what: "CPU" | "heap";
  readonly show: (amount: number) => string;
}

const HOTTEST = 3;
const SHOWN_CALLERS = 3;
const SHOWN_DOERS = 3;

const WHOSE: Readonly<Record<Owner, string>> = {
  ours: "our code",
  dependency: "dependencies",
  node: "Node",
  collector: "garbage collection",
};

/** Says in words whose code the work was, and which three functions of ours asked for most of it. */
export function tellHottest(root: Call, { what, show }: Unit): readonly string[] {
  if (root.total === 0) return [`${what}: nothing was recorded.`];
  const share = (amount: number) => `${Math.round((100 * amount) / root.total)} %`;
  const owners = [...sumByOwner(root)].toSorted(([, a], [, b]) => b - a);
  const whose = owners.map(([owner, amount]) => `${WHOSE[owner]} ${share(amount)}`).join(", ");
  const paths = [...findPaths(root).values()].toSorted((a, b) => b.total - a.total).slice(0, HOTTEST);
  return [
    `${what}: ${show(root.total)}. By whose function was at work: ${whose}.`,
    ...paths.map(
      (path, index) => `${index + 1}. ${share(path.total)} (${show(path.total)}) ${describePath(path)}`,
    ),
  ];
}

function describePath({ at, callers, total, by }: HotPath): string {
  const doers = [...by].toSorted(([, a], [, b]) => b - a).slice(0, SHOWN_DOERS);
  const split = doers.map(([doer, amount]) => `${doer} ${Math.round((100 * amount) / total)} %`).join(", ");
  const from = callers.length > 0 ? `, called by ${callers.slice(0, SHOWN_CALLERS).join(" ← ")}` : "";
  return `${at.name} in ${at.place}${from}. Of this: ${split}.`;
}

function sumByOwner(call: Call): ReadonlyMap<Owner, number> {
  const sums = new Map<Owner, number>();
  walk(call, [], (stack, { self }) => {
    const owner = stack.at(-1)?.owner ?? "node";
    sums.set(owner, (sums.get(owner) ?? 0) + self);
  });
  return sums;
}

function findPaths(root: Call): ReadonlyMap<string, HotPath> {
  const paths = new Map<string, HotPath & { readonly by: Map<string, number> }>();
  walk(root, [], (stack, { self }) => {
    const ours = stack.filter(({ owner }) => owner === "ours");
    const at = ours.at(-1);
    if (!at) return;
    const key = `${at.place} ${at.name}`;
    const before = paths.get(key);
    const by = before?.by ?? new Map<string, number>();
    const doer = doerOf(stack.slice(stack.indexOf(at) + 1));
    by.set(doer, (by.get(doer) ?? 0) + self);
    const callers =
      before?.callers ??
      ours
        .slice(0, -1)
        .map(({ name }) => name)
        .toReversed();
    paths.set(key, { at, callers, total: (before?.total ?? 0) + self, by });
  });
  return paths;
}

/** The package that did the work, else the engine's function, else the function itself. */
function doerOf(below: readonly Named[]): string {
  const dependency = below.findLast(({ owner }) => owner === "dependency");
  if (dependency) return dependency.place;
  const leaf = below.at(-1);
  return leaf ? `Node (${leaf.name})` : "itself";
}

/** Tells of each call that did something itself, with the calls above it. */
function walk(call: Call, above: readonly Call[], tell: (stack: readonly Call[], call: Call) => void): void {
  const stack = [...above, call];
  if (call.self > 0) tell(stack, call);
  for (const child of call.children) walk(child, stack, tell);
}
