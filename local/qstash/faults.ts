import * as v from "valibot";

const probability = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0);

/** The faults that are made on purpose. All zero: none. */
export const Faults = v.strictObject({
  /** Share of deliveries that never happen although the message was accepted. */
  drop: probability,
  /** Share of deliveries that happen twice. */
  duplicate: probability,
  /** Every delivery waits a random time up to this. */
  delayMs: v.optional(v.pipe(v.number(), v.minValue(0)), 0),
  /** Share of publishers that get a 503; half of their messages were accepted all the same. */
  error: probability,
  seed: v.optional(v.pipe(v.number(), v.integer()), 1),
});

export type Faults = v.InferOutput<typeof Faults>;
export type DeliveryFault = { readonly drop: boolean; readonly duplicate: boolean; readonly delayMs: number };
export type PublishFault = "none" | "refused" | "answer lost";

const NO_FAULT: DeliveryFault = { drop: false, duplicate: false, delayMs: 0 };

/** Decides what goes wrong. The same seed gives the same sequence of decisions. */
export class FaultInjector {
  private faults: Faults;
  private random: () => number;
  private active: boolean;

  constructor(faults: Faults = v.parse(Faults, {})) {
    this.faults = faults;
    this.random = seededRandom(faults.seed);
    this.active = isActive(faults);
  }

  set(faults: Faults): void {
    this.faults = faults;
    this.random = seededRandom(faults.seed);
    this.active = isActive(faults);
  }

  current(): Faults {
    return this.faults;
  }

  forDelivery(): DeliveryFault {
    if (!this.active) return NO_FAULT;
    return {
      drop: this.random() < this.faults.drop,
      duplicate: this.random() < this.faults.duplicate,
      delayMs: this.random() * this.faults.delayMs,
    };
  }

  forPublish(): PublishFault {
    if (!this.active || this.random() >= this.faults.error) return "none";
    return this.random() < 0.5 ? "refused" : "answer lost";
  }
}

function isActive({ drop, duplicate, delayMs, error }: Faults): boolean {
  return drop > 0 || duplicate > 0 || delayMs > 0 || error > 0;
}

/** mulberry32: 32 bits of state, good enough to schedule accidents, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
