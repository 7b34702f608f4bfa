import * as v from "valibot";
import type { Broker } from "#/local/qstash/broker.ts";
import { chooseLimits } from "#/local/qstash/lane-limits.ts";
import { emptyLane, type Lane } from "#/local/qstash/lanes.ts";
import { Refusal } from "#/local/qstash/refusal.ts";
import { found, parseJson, type Router } from "#/local/qstash/router.ts";
import type { Pin, Queue, Settings } from "#/local/qstash/settings.ts";

type SettingParts = { readonly settings: Settings; readonly broker: Broker };

const QueueRequest = v.object({
  queueName: v.string(),
  parallelism: v.optional(v.number()),
  paused: v.optional(v.boolean()),
});
const EndpointsRequest = v.object({
  endpoints: v.array(v.object({ name: v.optional(v.string()), url: v.optional(v.string()) })),
});
const UrlEndpoint = v.object({ name: v.optional(v.string()), url: v.string() });

/** Queues, URL groups and flow control: what operators set. */
export function addSettingRoutes(router: Router, parts: SettingParts): void {
  addQueueRoutes(router, parts);
  addUrlGroupRoutes(router, parts.settings);
  addFlowControlRoutes(router, parts);
}

function addQueueRoutes(router: Router, { settings, broker }: SettingParts): void {
  const find = (name: string): Queue => found(settings.queues.get(name), "queue");
  const view = (queue: Queue) => ({
    ...queue,
    lag: broker.lanes.find("queue", queue.name)?.waiting.length ?? 0,
  });
  const change = (name: string, paused: boolean) => {
    settings.saveQueue(find(name).name, { paused });
    broker.lanes.wake();
  };
  router.on("POST", "queues", (call) => {
    const { queueName, parallelism, paused } = v.parse(QueueRequest, parseJson(call));
    settings.saveQueue(queueName, { parallelism: parallelism ?? 1, paused: paused ?? false });
    broker.lanes.wake();
  });
  router.on("GET", "queues", () => settings.queues.all().map(view));
  router.on("GET", "queues/*", (_call, [name = ""]) => view(find(name)));
  router.on("POST", "queues/*/pause", (_call, [name = ""]) => change(name, true));
  router.on("POST", "queues/*/resume", (_call, [name = ""]) => change(name, false));
  router.on("DELETE", "queues/*", (_call, [name = ""]) => {
    settings.queues.delete(name);
    for (const message of broker.all()) if (message.queue === name) broker.cancel(message);
  });
}

function addUrlGroupRoutes(router: Router, { urlGroups }: Settings): void {
  router.on("GET", "topics", () => urlGroups.all());
  router.on("GET", "topics/*", (_call, [name = ""]) => found(urlGroups.get(name), "url group"));
  router.on("DELETE", "topics/*", (_call, [name = ""]) => urlGroups.delete(name));
  router.on("POST DELETE", "topics/*/endpoints", (call, [name = ""]) => {
    const now = Date.now();
    const { endpoints } = v.parse(EndpointsRequest, parseJson(call));
    const { createdAt = now, endpoints: known = [] } = urlGroups.get(name) ?? {};
    const isNamed = (one: (typeof known)[number]) =>
      endpoints.some(({ name: id, url }) => (id !== undefined && id === one.name) || url === one.url);
    const rest = known.filter((one) => !isNamed(one));
    const added = call.method === "POST" ? v.parse(v.array(UrlEndpoint), endpoints) : [];
    urlGroups.set(name, { name, createdAt, updatedAt: now, endpoints: [...rest, ...added] });
  });
}

function addFlowControlRoutes(router: Router, { settings, broker }: SettingParts): void {
  const changes: Readonly<Record<string, (key: string, query: URLSearchParams) => unknown>> = {
    pause: (key) => settings.savePin(key, { paused: true }),
    resume: (key) => settings.savePin(key, { paused: false }),
    pin: (key, query) => settings.savePin(key, pinned(query)),
    unpin: (key, query) => settings.savePin(key, unpinned(query)),
    resetRate: (key) => broker.lanes.resetRate(key),
  };
  const view = (key: string) => viewFlow(broker.lanes.find("flow", key) ?? emptyLane("flow", key), settings);
  router.on("GET", "flowControl", () =>
    [...new Set([...activeKeys(broker), ...settings.pins.all().map(({ key }) => key)])].map(view),
  );
  router.on("GET", "flowControl/*", (_call, [key = ""]) => view(key));
  router.on("POST", "flowControl/*/*", ({ query }, [key = "", verb = ""]) => {
    const change = Object.hasOwn(changes, verb) ? changes[verb] : undefined;
    if (!change) throw new Refusal(404, `flow control cannot ${verb}`);
    change(key, query);
    broker.lanes.wake();
  });
  router.on("GET", "globalParallelism", () => ({
    parallelismMax: broker.lanes.globalParallelism,
    parallelismCount: broker.lanes.active,
  }));
}

function activeKeys(broker: Broker): readonly string[] {
  return broker.lanes.all().flatMap(({ kind, name }) => (kind === "flow" ? [name] : []));
}

function viewFlow(lane: Lane, settings: Settings) {
  const { parallelism = 0, rate = 0, periodMs, paused } = chooseLimits(lane, settings);
  const pin = settings.pins.get(lane.name);
  return {
    flowControlKey: lane.name,
    waitListSize: lane.waiting.length,
    parallelismMax: parallelism,
    parallelismCount: lane.active,
    rateMax: rate,
    rateCount: lane.window.served,
    ratePeriod: periodMs / 1_000,
    ratePeriodStart: Math.floor(lane.window.startedAt / 1_000),
    isPaused: paused,
    isPinnedParallelism: pin?.parallelism !== undefined,
    isPinnedRate: pin?.rate !== undefined,
  };
}

function pinned(query: URLSearchParams): Partial<Pin> {
  const [parallelism, rate, period] = ["parallelism", "rate", "period"].map((name) => query.get(name));
  return {
    ...(parallelism ? { parallelism: Number(parallelism) } : {}),
    ...(rate ? { rate: Number(rate) } : {}),
    ...(period ? { periodMs: Number(period) * 1_000 } : {}),
  };
}

function unpinned(query: URLSearchParams): Partial<Pin> {
  return {
    ...(query.get("parallelism") === "true" ? { parallelism: undefined } : {}),
    ...(query.get("rate") === "true" ? { rate: undefined, periodMs: undefined } : {}),
  };
}
