import type { Flow, Message } from "#/local/qstash/message.ts";

/**
 * One line of waiting messages: a FIFO queue, a flow-control key, or the open lane of everything else.
 * `asked` are the limits that the newest message of a flow-control key brought along.
 */
export type Lane = {
  readonly kind: "queue" | "flow" | "open";
  readonly name: string;
  readonly waiting: string[];
  active: number;
  asked: Flow | undefined;
  readonly window: { startedAt: number; served: number };
  timer: NodeJS.Timeout | undefined;
};

export type LaneLimits = {
  readonly paused: boolean;
  readonly parallelism: number | undefined;
  readonly rate: number | undefined;
  readonly periodMs: number;
};

type LanesOptions = {
  readonly globalParallelism: number;
  readonly chooseLimits: (lane: Lane) => LaneLimits;
  /** Delivers one message. Must not reject. */
  readonly serve: (messageId: string) => Promise<void>;
};

/** Hands out waiting messages: within the limits of their lane and of all lanes together, and fairly between lanes. */
export class Lanes {
  private readonly options: LanesOptions;
  private readonly lanes = new Map<string, Lane>();
  private awake = false;
  private closed = false;
  readonly globalParallelism: number;
  active = 0;

  constructor(options: LanesOptions) {
    this.options = options;
    this.globalParallelism = options.globalParallelism;
  }

  /** Puts a message that is due now at the end of its lane. */
  enqueue(message: Message): void {
    this.findLane(message).waiting.push(message.id);
    this.wake();
  }

  /** Keeps a place of the lane for a message that waits for its retry: a FIFO queue lets nobody pass. */
  hold(message: Message): void {
    this.findLane(message).active += 1;
  }

  /** Gives the place back; with `again`, the message comes next. */
  release(message: Message, again: boolean): void {
    const lane = this.findLane(message);
    lane.active -= 1;
    if (again) lane.waiting.unshift(message.id);
    this.wake();
  }

  /** Takes a waiting message out. */
  withdraw(message: Message): void {
    const { waiting } = this.findLane(message);
    const place = waiting.indexOf(message.id);
    if (place >= 0) waiting.splice(place, 1);
  }

  find(kind: Lane["kind"], name: string): Lane | undefined {
    return this.lanes.get(`${kind}:${name}`);
  }

  all(): readonly Lane[] {
    return [...this.lanes.values()];
  }

  resetRate(name: string): void {
    const lane = this.find("flow", name);
    if (!lane) return;
    Object.assign(lane.window, { startedAt: Date.now(), served: 0 });
    this.wake();
  }

  /** Serves what can be served, after the current work: an acknowledgement goes out before its delivery starts. */
  wake(): void {
    if (this.awake || this.closed) return;
    this.awake = true;
    setImmediate(() => {
      this.awake = false;
      this.serveAll();
    });
  }

  close(): void {
    this.closed = true;
    for (const lane of this.lanes.values()) clearTimeout(lane.timer);
  }

  private serveAll(): void {
    for (const [key, lane] of this.lanes) {
      if (this.closed || this.active >= this.globalParallelism) return;
      const messageId = this.takeFrom(lane);
      if (messageId === undefined) continue;
      // The lane moves to the end of the map, so this loop comes back to it after all others: round robin.
      this.lanes.delete(key);
      this.lanes.set(key, lane);
      void this.serve(lane, messageId);
    }
  }

  private takeFrom(lane: Lane): string | undefined {
    if (lane.waiting.length === 0) {
      this.dropIdle(lane);
      return undefined;
    }
    const limits = this.options.chooseLimits(lane);
    if (limits.paused || lane.active >= (limits.parallelism ?? Infinity)) return undefined;
    return this.isWithinRate(lane, limits) ? lane.waiting.shift() : undefined;
  }

  private async serve(lane: Lane, messageId: string): Promise<void> {
    this.active += 1;
    lane.active += 1;
    await this.options.serve(messageId);
    this.active -= 1;
    lane.active -= 1;
    this.wake();
  }

  /** Counts the message if the period has room for it; otherwise comes back when the next period begins. */
  private isWithinRate(lane: Lane, { rate, periodMs }: LaneLimits): boolean {
    if (rate === undefined) return true;
    const now = Date.now();
    if (now - lane.window.startedAt >= periodMs) Object.assign(lane.window, { startedAt: now, served: 0 });
    if (lane.window.served < rate) {
      lane.window.served += 1;
      return true;
    }
    clearTimeout(lane.timer);
    lane.timer = setTimeout(() => this.wake(), lane.window.startedAt + periodMs - now + 1);
    return false;
  }

  private dropIdle(lane: Lane): void {
    const mayStillLimit =
      lane.asked?.rate !== undefined && Date.now() - lane.window.startedAt < (lane.asked.periodMs ?? 1_000);
    if (lane.active === 0 && !mayStillLimit) this.lanes.delete(`${lane.kind}:${lane.name}`);
  }

  private findLane(message: Message): Lane {
    const [kind, name] = laneName(message);
    const key = `${kind}:${name}`;
    const known = this.lanes.get(key);
    const lane = known ?? emptyLane(kind, name);
    if (!known) this.lanes.set(key, lane);
    if (kind === "flow") lane.asked = message.flow;
    return lane;
  }
}

export function emptyLane(kind: Lane["kind"], name: string): Lane {
  return {
    kind,
    name,
    waiting: [],
    active: 0,
    asked: undefined,
    window: { startedAt: 0, served: 0 },
    timer: undefined,
  };
}

function laneName({ queue, flow }: Message): [kind: Lane["kind"], name: string] {
  if (queue !== undefined) return ["queue", queue];
  return flow === undefined ? ["open", ""] : ["flow", flow.key];
}
