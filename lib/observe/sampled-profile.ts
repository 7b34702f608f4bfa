import type { Profiler, Runtime } from "node:inspector";
import { fileURLToPath } from "node:url";

/** The main thread, as Sentry's own SDK calls it. Threads that read documents are not profiled. */
export const MAIN_THREAD = { id: "0", name: "main" } as const;

interface Frame {
  function: string;
  abs_path?: string;
  lineno?: number;
  colno?: number;
  in_app: boolean;
}

/** A profile as Sentry takes it: samples name stacks, stacks name frames, the innermost first. */
interface SampledProfile {
  samples: { stack_id: number; thread_id: string; timestamp: number }[];
  stacks: number[][];
  frames: Frame[];
  thread_metadata: Record<string, { name: string }>;
}

/**
 * Turns a profile of V8 into the form that Sentry takes.
 * @param startedAt when it was begun, in epoch milliseconds
 */
export function toSampledProfile(profile: Profiler.Profile, startedAt: number): SampledProfile {
  const { samples = [], timeDeltas = [] } = profile;
  const stacks = new Stacks(profile.nodes);
  let passedUs = 0;
  return {
    samples: samples.map((node, at) => {
      passedUs += timeDeltas[at] ?? 0;
      return {
        stack_id: stacks.find(node),
        thread_id: MAIN_THREAD.id,
        timestamp: startedAt / 1e3 + passedUs / 1e6,
      };
    }),
    stacks: stacks.stacks,
    frames: stacks.frames,
    thread_metadata: { [MAIN_THREAD.id]: { name: MAIN_THREAD.name } },
  };
}

/** The stacks of a profile that a sample was taken of. A stack, and a frame, is there once, however often it was met. */
class Stacks {
  readonly stacks: number[][] = [];
  readonly frames: Frame[] = [];
  readonly #nodes: ReadonlyMap<number, Profiler.ProfileNode>;
  readonly #callers: ReadonlyMap<number, number>;
  readonly #known = new Map<number, number>();
  readonly #knownFrames = new Map<string, number>();

  constructor(nodes: readonly Profiler.ProfileNode[]) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#callers = new Map(
      nodes.flatMap(({ id, children = [] }) => children.map((child): [number, number] => [child, id])),
    );
  }

  find(leaf: number): number {
    const known = this.#known.get(leaf) ?? this.stacks.push(this.#walk(leaf)) - 1;
    this.#known.set(leaf, known);
    return known;
  }

  #walk(leaf: number): number[] {
    const stack: number[] = [];
    for (let id: number | undefined = leaf; id !== undefined; id = this.#callers.get(id)) {
      const frame = this.#nodes.get(id)?.callFrame;
      // The first node calls everything, and is nobody's function.
      if (frame && this.#callers.has(id)) stack.push(this.#findFrame(frame));
    }
    return stack;
  }

  #findFrame(frame: Runtime.CallFrame): number {
    const { functionName, scriptId, lineNumber, columnNumber } = frame;
    const key = `${functionName} ${scriptId} ${lineNumber} ${columnNumber}`;
    const known = this.#knownFrames.get(key) ?? this.frames.push(toFrame(frame)) - 1;
    this.#knownFrames.set(key, known);
    return known;
  }
}

/** V8 counts lines and columns from 0. */
function toFrame({ functionName, url, lineNumber, columnNumber }: Runtime.CallFrame): Frame {
  const name = functionName === "" ? "(anonymous)" : functionName;
  if (url === "") return { function: name, in_app: false };
  const file = url.startsWith("file:") ? fileURLToPath(url) : url;
  const isOwn = !file.startsWith("node:") && !file.includes("/node_modules/");
  return {
    function: name,
    abs_path: file,
    lineno: lineNumber + 1,
    colno: columnNumber + 1,
    in_app: isOwn,
  };
}
