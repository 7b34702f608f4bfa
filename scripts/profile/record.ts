import * as v from "valibot";
import { ProfileProblem } from "./problem.ts";

/** A command of the inspector: of this process's own, or of another one's over its socket. */
export type Post<Answer = unknown> = (
  method: string,
  params?: Readonly<Record<string, unknown>>,
) => Promise<Answer>;

/** A function as V8 names it. Lines count from 0. */
const CallFrame = v.object({ functionName: v.string(), url: v.string(), lineNumber: v.number() });
export type CallFrame = v.InferOutput<typeof CallFrame>;

/** What `Profiler.stop` gives: nodes of a tree of calls, the leaf of each sample, and the microseconds between it and the one before. */
const CpuProfile = v.object({
  nodes: v.array(
    v.object({ id: v.number(), callFrame: CallFrame, children: v.optional(v.array(v.number())) }),
  ),
  samples: v.optional(v.array(v.number())),
  timeDeltas: v.optional(v.array(v.number())),
});
export type CpuProfile = v.InferOutput<typeof CpuProfile>;

/** What `HeapProfiler.stopSampling` gives: bytes by the call that took them. */
export interface HeapNode {
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}
const HeapNode: v.GenericSchema<HeapNode> = v.object({
  callFrame: CallFrame,
  selfSize: v.number(),
  children: v.array(v.lazy(() => HeapNode)),
});

export const Recorded = v.object({
  cpu: CpuProfile,
  heap: HeapNode,
  /** How often what was profiled was done while each was recorded. */
  rounds: v.object({ cpu: v.number(), heap: v.number() }),
});
export type Recorded = v.InferOutput<typeof Recorded>;

const CpuAnswer = v.object({ profile: CpuProfile });
const HeapAnswer = v.object({ profile: v.object({ head: HeapNode }) });

export interface Exercise {
  /** Does once what is profiled. */
  readonly once: () => Promise<void>;
  readonly seconds: number;
  readonly maxRounds: number;
}

const CPU_INTERVAL_US = 200;
const HEAP_INTERVAL_BYTES = 8_192;

/**
 * Records CPU and then heap of all the processes while what is profiled is done again and again, each for half of the time. The first round only warms
 * up. @returns what all of them did, as one profile
 */
export async function record(posts: readonly Post[], exercise: Exercise): Promise<Recorded> {
  const postAll: Post<readonly unknown[]> = (method, params) =>
    Promise.all(posts.map((post) => post(method, params)));
  await postAll("Profiler.enable");
  await postAll("Profiler.setSamplingInterval", { interval: CPU_INTERVAL_US });
  // V8 knows of code that it makes while it is profiled, and not of all that it has made before: loops among it.
  await postAll("Profiler.start");
  await exercise.once();
  await postAll("Profiler.stop");
  await postAll("Profiler.start");
  const cpuRounds = await repeat(exercise);
  const cpu = v.parse(v.array(CpuAnswer), await postAll("Profiler.stop"));
  await postAll("HeapProfiler.enable");
  await postAll("HeapProfiler.startSampling", {
    samplingInterval: HEAP_INTERVAL_BYTES,
    // What was allocated and collected since is what makes the collector work.
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  const heapRounds = await repeat(exercise);
  const heap = v.parse(v.array(HeapAnswer), await postAll("HeapProfiler.stopSampling"));
  return {
    cpu: joinCpu(cpu.map(({ profile }) => profile)),
    heap: joinHeap(heap.map(({ profile }) => profile.head)),
    rounds: { cpu: cpuRounds, heap: heapRounds },
  };
}

const ROOT: CallFrame = { functionName: "(root)", url: "", lineNumber: 0 };

/** One tree of calls that has those of all processes. Ids are a process's own, so they are counted on. */
function joinCpu(profiles: readonly CpuProfile[]): CpuProfile {
  let last = 1;
  const moved = profiles.map(({ nodes, samples = [], timeDeltas = [] }) => {
    const before = last;
    last = nodes.reduce((most, { id }) => Math.max(most, before + id), before);
    const move = (id: number) => before + id;
    return {
      tops: (nodes[0]?.children ?? []).map(move),
      nodes: nodes.map((node) => ({ ...node, id: move(node.id), children: node.children?.map(move) })),
      samples: samples.map(move),
      timeDeltas,
    };
  });
  const root = { id: 1, callFrame: ROOT, children: moved.flatMap(({ tops }) => tops) };
  return {
    nodes: [root, ...moved.flatMap(({ nodes }) => nodes)],
    samples: moved.flatMap(({ samples }) => samples),
    timeDeltas: moved.flatMap(({ timeDeltas }) => timeDeltas),
  };
}

function joinHeap(heads: readonly HeapNode[]): HeapNode {
  return { callFrame: ROOT, selfSize: 0, children: heads.flatMap(({ children }) => children) };
}

async function repeat({ once, seconds, maxRounds }: Exercise): Promise<number> {
  const until = performance.now() + (seconds * 1_000) / 2;
  const most = Math.max(1, Math.floor(maxRounds / 2));
  let rounds = 0;
  while (rounds === 0 || (rounds < most && performance.now() < until)) {
    await once();
    rounds += 1;
  }
  return rounds;
}

/** A profile that does not come to an end is worse than none. */
export function within<T>(seconds: number, work: Promise<T>, what: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new ProfileProblem(`${what} took longer than ${seconds} s.`)),
    seconds * 1_000,
  );
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
