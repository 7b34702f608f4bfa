import * as v from "valibot";

/** One way for a façade to misbehave. A delay comes first; then at most one of the others. */
const Fault = v.strictObject({
  /** Only requests whose path ends so, such as "/chat/completions". */
  path: v.optional(v.string()),
  delayMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000))),
  /** Answer with this error status. */
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599))),
  retryAfterSeconds: v.optional(v.number()),
  /** Answer 200 with something that is not the protocol. */
  malformed: v.optional(v.boolean()),
  /** Drop the connection after so many pieces of the body. */
  cutAfterChunks: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** After as many pieces: end the body as if it were whole, or say in an event that something broke. */
  endAfterChunks: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  errorEventAfterChunks: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Leave what was used out of the stream. */
  withoutUsage: v.optional(v.boolean()),
  /** The number of requests that the fault hits before it is spent. */
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
  /** Each request is hit with this probability, decided by `seed`. */
  probability: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
  seed: v.optional(v.number(), 1),
});
export type Fault = v.InferOutput<typeof Fault>;

/** Body of `POST /_faults`: one fault or several, in the order in which they are tried. */
export const FaultRequest = v.union([
  v.array(Fault),
  v.pipe(
    Fault,
    v.transform((fault) => [fault]),
  ),
]);

interface PlannedFault {
  readonly fault: Fault;
  readonly draw: () => number;
  left: number;
}

/** The faults that are still to happen. Empty in normal life. */
export class FaultPlan {
  #planned: PlannedFault[] = [];

  add(faults: readonly Fault[]): void {
    this.#planned.push(
      ...faults.map((fault) => ({ fault, left: fault.times, draw: seededRandom(fault.seed) })),
    );
  }

  clear(): void {
    this.#planned = [];
  }

  /** The fault that hits a request, if any; it counts as used. */
  take(path: string): Fault | undefined {
    const hit = this.#planned.find(
      ({ fault, draw }) => path.endsWith(fault.path ?? "") && draw() < fault.probability,
    );
    if (hit === undefined) return undefined;
    hit.left -= 1;
    this.#planned = this.#planned.filter(({ left }) => left > 0);
    return hit.fault;
  }
}

/** Mulberry32: numbers in [0, 1) that are the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
