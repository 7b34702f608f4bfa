import type { Lane, LaneLimits } from "#/local/qstash/lanes.ts";
import type { Flow } from "#/local/qstash/message.ts";
import type { Pin, Queue, Settings } from "#/local/qstash/settings.ts";

const DEFAULT_PERIOD_MS = 1_000;

/** The limits in force: for a queue its own, for a flow-control key the pinned ones before those of its messages. */
export function chooseLimits(lane: Lane, settings: Settings): LaneLimits {
  switch (lane.kind) {
    case "queue":
      return queueLimits(settings.queues.get(lane.name));
    case "flow":
      return flowLimits(lane.asked, settings.pins.get(lane.name));
    case "open":
      return { paused: false, parallelism: undefined, rate: undefined, periodMs: DEFAULT_PERIOD_MS };
  }
}

function queueLimits(queue: Queue | undefined): LaneLimits {
  const { parallelism = 1, paused = false } = queue ?? {};
  return { paused, parallelism, rate: undefined, periodMs: DEFAULT_PERIOD_MS };
}

function flowLimits(asked: Flow | undefined, pin: Pin | undefined): LaneLimits {
  const { rate, periodMs = DEFAULT_PERIOD_MS } = (pin?.rate === undefined ? asked : pin) ?? {};
  return {
    paused: pin?.paused ?? false,
    parallelism: pin?.parallelism ?? asked?.parallelism,
    rate,
    periodMs,
  };
}
