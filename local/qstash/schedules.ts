import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { Agenda } from "#/local/qstash/agenda.ts";
import { nextCronTime } from "#/local/qstash/cron.ts";
import { type Headers, readMessage } from "#/local/qstash/message.ts";
import type { Publisher } from "#/local/qstash/publisher.ts";
import { Records } from "#/local/qstash/records.ts";
import { Refusal } from "#/local/qstash/refusal.ts";
import type { Store } from "#/local/qstash/store.ts";

const Schedule = v.object({
  id: v.string(),
  cron: v.string(),
  destination: v.string(),
  headers: v.record(v.string(), v.string()),
  bodyBase64: v.string(),
  queue: v.optional(v.string()),
  callerIp: v.optional(v.string()),
  createdAt: v.number(),
  isPaused: v.boolean(),
  nextAt: v.optional(v.number()),
  lastAt: v.optional(v.number()),
});

export type Schedule = Readonly<v.InferOutput<typeof Schedule>>;
export type ScheduleRequest = {
  readonly destination: string;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly callerIp: string | undefined;
};

/** Publishes by the clock. A time that passed while no process was up is made up for once. */
export class Schedules {
  private readonly store: Store;
  private readonly publisher: Publisher;
  private readonly records: Records<Schedule>;
  private readonly agenda = new Agenda();

  constructor(store: Store, publisher: Publisher) {
    this.store = store;
    this.publisher = publisher;
    this.records = new Records(store, "schedule", Schedule);
  }

  restore(): void {
    for (const schedule of this.records.all()) this.arm(schedule);
  }

  all(): readonly Schedule[] {
    return this.records.all();
  }

  find(id: string): Schedule | undefined {
    return this.records.get(id);
  }

  /** Creates it, or replaces the one with the same id. @throws Refusal when it could not work. */
  save(request: ScheduleRequest): Schedule {
    const {
      "upstash-cron": given = "",
      "upstash-schedule-id": id = `scd_${randomUUID().replaceAll("-", "")}`,
      ...headers
    } = ownHeaders(request.headers);
    const { destination, body, callerIp } = request;
    const cron = given.trim();
    const now = Date.now();
    this.publisher.resolve(destination);
    readMessage(headers, body, { url: destination });
    const { createdAt = now, isPaused = false, lastAt } = this.records.get(id) ?? {};
    const queue = headers["upstash-queue-name"];
    const nextAt = nextCronTime(cron, now);
    const bodyBase64 = body.toString("base64");
    return this.keep({
      id,
      cron,
      destination,
      headers,
      bodyBase64,
      queue,
      callerIp,
      createdAt,
      isPaused,
      nextAt,
      lastAt,
    });
  }

  setPaused(schedule: Schedule, isPaused: boolean): void {
    this.keep({ ...schedule, isPaused, nextAt: nextCronTime(schedule.cron, Date.now()) });
  }

  delete(id: string): void {
    this.agenda.cancel(id);
    this.records.delete(id);
  }

  /** Publishes its message now, whatever the clock says, and continues as planned. */
  fire(schedule: Schedule): void {
    const now = Date.now();
    // A timer may ring a moment early; from there the next time would be this one again.
    const from = Math.max(now, schedule.nextAt ?? now);
    this.store.atomically(() => {
      this.keep({ ...schedule, lastAt: now, nextAt: nextCronTime(schedule.cron, from) });
      this.publish(schedule);
    });
  }

  close(): void {
    this.agenda.clear();
  }

  private publish({ id, destination, headers, bodyBase64, queue, callerIp }: Schedule): void {
    if (queue !== undefined) this.publisher.ensureQueue(queue);
    const origin = { scheduleId: id, queue, callerIp };
    try {
      this.publisher.publish({ destination, headers, body: Buffer.from(bodyBase64, "base64"), origin });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      console.error(`qstash: schedule ${id} could not publish: ${error.message}`);
    }
  }

  private keep(schedule: Schedule): Schedule {
    this.records.set(schedule.id, schedule);
    this.arm(schedule);
    return schedule;
  }

  private arm({ id, isPaused, nextAt }: Schedule): void {
    this.agenda.cancel(id);
    if (isPaused || nextAt === undefined) return;
    this.agenda.at(id, nextAt, () => {
      const current = this.records.get(id);
      if (current) this.fire(current);
    });
  }
}

/** Returns the headers that concern the messages. The rest belongs to the request, its token above all. */
function ownHeaders(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name === "content-type" || name.startsWith("upstash-")),
  );
}
