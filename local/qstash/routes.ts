import * as v from "valibot";
import type { Broker } from "#/local/qstash/broker.ts";
import { Faults, type FaultInjector } from "#/local/qstash/faults.ts";
import { page, readCount, readFilter } from "#/local/qstash/filter.ts";
import { BatchItem, type Publisher } from "#/local/qstash/publisher.ts";
import { Refusal } from "#/local/qstash/refusal.ts";
import { type Call, readDestination, found, parseJson, Router } from "#/local/qstash/router.ts";
import { addSettingRoutes } from "#/local/qstash/setting-routes.ts";
import type { Schedule, Schedules } from "#/local/qstash/schedules.ts";
import type { Settings } from "#/local/qstash/settings.ts";
import type { Store } from "#/local/qstash/store.ts";
import { viewDeadLetter, viewEvent, viewMessage, viewSchedule } from "#/local/qstash/views.ts";

export type RouteParts = {
  readonly store: Store;
  readonly settings: Settings;
  readonly broker: Broker;
  readonly publisher: Publisher;
  readonly schedules: Schedules;
  readonly faults: FaultInjector;
  readonly signingKeys: { readonly current: string; readonly next: string };
};

/** The HTTP surface of QStash v2, as its official client uses it. */
export function qstashRoutes(parts: RouteParts): Router {
  const router = new Router();
  addPublishRoutes(router, parts);
  addMessageRoutes(router, parts);
  addDeadLetterRoutes(router, parts);
  addScheduleRoutes(router, parts);
  addSettingRoutes(router, parts);
  addOperatorRoutes(router, parts);
  return router;
}

function addPublishRoutes(router: Router, { publisher, schedules, faults }: RouteParts): void {
  router.on("POST", "publish/**", (call, [destination = ""]) => {
    if (call.headers["upstash-cron"] !== undefined) return saveSchedule(schedules, call, destination);
    return withFaults(faults, () =>
      publisher.publish({ ...request(call, destination), origin: { callerIp: call.callerIp } }),
    );
  });
  router.on("POST", "enqueue/*/**", (call, [queue = "", destination = ""]) => {
    publisher.ensureQueue(queue);
    return withFaults(faults, () =>
      publisher.publish({ ...request(call, destination), origin: { queue, callerIp: call.callerIp } }),
    );
  });
  router.on("POST", "batch", (call) => {
    const items = v.parse(v.array(BatchItem), parseJson(call));
    return withFaults(faults, () => publisher.publishBatch(items, call.callerIp));
  });
}

function addMessageRoutes(router: Router, { broker }: RouteParts): void {
  const find = (id: string) => found(broker.find(id), "message");
  router.on("GET", "messages/*", (_call, [id = ""]) => viewMessage(find(id)));
  router.on("DELETE", "messages/*", (_call, [id = ""]) => {
    broker.cancel(find(id));
    return { cancelled: 1 };
  });
  router.on("DELETE", "messages", ({ query }) => {
    const isChosen = readFilter("messages", query);
    const chosen = broker
      .all()
      .filter((message) => isChosen(viewMessage(message)))
      .slice(0, readCount(query));
    for (const message of chosen) broker.cancel(message);
    return { cancelled: chosen.length };
  });
  router.on("GET", "events", ({ query }) => {
    const { items, cursor } = page(
      broker.log.newestFirst().map(viewEvent).filter(readFilter("events", query)),
      query,
    );
    return { events: items, logs: items, cursor };
  });
}

function addDeadLetterRoutes(router: Router, { store, broker }: RouteParts): void {
  const chosen = (query: URLSearchParams) => {
    const isChosen = readFilter("deadLetters", query);
    const all = store.deadLetters().filter((letter) => isChosen(viewDeadLetter(letter)));
    const { items, cursor } = page(all, query);
    // What was removed makes room, so the next page begins at the front again.
    return { items, cursor, cursorAfterRemoval: cursor === undefined ? undefined : "0" };
  };
  const find = (id: string) =>
    found(
      store.deadLetters().find((letter) => letter.id === id),
      "dead letter",
    );
  router.on("GET", "dlq", ({ query }) => {
    const { items, cursor } = chosen(query);
    return { messages: items.map(viewDeadLetter), cursor };
  });
  router.on("POST", "dlq/retry", ({ query }) => {
    const { items, cursorAfterRemoval: cursor } = chosen(query);
    return { responses: items.map((letter) => ({ messageId: broker.revive(letter).id })), cursor };
  });
  router.on("POST", "dlq/retry/*", (_call, [id = ""]) => ({ messageId: broker.revive(find(id)).id }));
  router.on("GET", "dlq/*", (_call, [id = ""]) => viewDeadLetter(find(id)));
  router.on("DELETE", "dlq/*", (_call, [id = ""]) => store.deleteDeadLetter(find(id).id));
  router.on("DELETE", "dlq", ({ query }) => {
    const { items, cursorAfterRemoval: cursor } = chosen(query);
    for (const letter of items) store.deleteDeadLetter(letter.id);
    return { deleted: items.length, cursor };
  });
}

function addScheduleRoutes(router: Router, { schedules }: RouteParts): void {
  const find = (id: string): Schedule => found(schedules.find(id), "schedule");
  // The client sends PATCH, the published specification says POST.
  router.on("PATCH POST", "schedules/*/pause", (_call, [id = ""]) => schedules.setPaused(find(id), true));
  router.on("PATCH POST", "schedules/*/resume", (_call, [id = ""]) => schedules.setPaused(find(id), false));
  router.on("GET", "schedules", () => schedules.all().map(viewSchedule));
  router.on("GET", "schedules/*", (_call, [id = ""]) => viewSchedule(find(id)));
  router.on("DELETE", "schedules/*", (_call, [id = ""]) => schedules.delete(find(id).id));
  router.on("POST", "schedules/**", (call, [destination = ""]) => saveSchedule(schedules, call, destination));
  /** Ours: lets a test be the clock. */
  router.on("POST", "_schedules/*/fire", (_call, [id = ""]) => schedules.fire(find(id)));
}

function addOperatorRoutes(router: Router, { broker, faults, signingKeys }: RouteParts): void {
  router.on("GET", "keys", () => signingKeys);
  /** Ours: accidents on purpose, and what has happened so far. */
  router.on("GET", "_faults", () => faults.current());
  router.on("POST", "_faults", (call) => {
    faults.set(v.parse(Faults, parseJson(call)));
    return faults.current();
  });
  router.on("GET", "_stats", () => broker.stats());
}

function withFaults<T>(faults: FaultInjector, publish: () => T): T {
  const fault = faults.forPublish();
  if (fault === "refused") throw new Refusal(503, "refused by fault injection");
  const published = publish();
  if (fault === "answer lost") throw new Refusal(503, "accepted, but the answer was lost by fault injection");
  return published;
}

function saveSchedule(schedules: Schedules, call: Call, destination: string): { scheduleId: string } {
  return { scheduleId: schedules.save({ ...request(call, destination), callerIp: call.callerIp }).id };
}

function request(call: Call, destination: string) {
  return { destination: readDestination(call, destination), headers: call.headers, body: call.body };
}
