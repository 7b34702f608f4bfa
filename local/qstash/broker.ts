import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Agenda } from "#/local/qstash/agenda.ts";
import { callbackMessage } from "#/local/qstash/callback.ts";
import { EventLog } from "#/local/qstash/event-log.ts";
import type { DeliveryFault, FaultInjector } from "#/local/qstash/faults.ts";
import { chooseLimits } from "#/local/qstash/lane-limits.ts";
import { Lanes } from "#/local/qstash/lanes.ts";
import { type Message, newMessageId } from "#/local/qstash/message.ts";
import { decideOutcome, type DeliveryResponse, isSuccess } from "#/local/qstash/outcome.ts";
import type { Settings } from "#/local/qstash/settings.ts";
import type { DeadLetter, Store } from "#/local/qstash/store.ts";
import type { Transmitter } from "#/local/qstash/transmitter.ts";

type BrokerParts = {
  readonly store: Store;
  readonly settings: Settings;
  readonly faults: FaultInjector;
  readonly transmitter: Transmitter;
  readonly globalParallelism: number;
};

/** Takes every accepted message to its end: delivered, cancelled, or a dead letter. At least once, never silently lost. */
export class Broker {
  readonly lanes: Lanes;
  readonly log = new EventLog();
  readonly counts = {
    accepted: 0,
    attempts: 0,
    delivered: 0,
    retried: 0,
    deadLettered: 0,
    dropped: 0,
    duplicated: 0,
  };
  private readonly parts: BrokerParts;
  private readonly agenda = new Agenda();
  private readonly pending = new Map<string, Message>();
  private readonly inFlight = new Set<string>();
  private readonly cancelled = new Set<string>();
  private closed = false;

  constructor(parts: BrokerParts) {
    this.parts = parts;
    const { globalParallelism, settings } = parts;
    this.lanes = new Lanes({
      globalParallelism,
      chooseLimits: (lane) => chooseLimits(lane, settings),
      serve: (id) => this.deliver(id),
    });
  }

  /** Takes up what an earlier process had accepted. What was in flight then is delivered again. */
  restore(): void {
    for (const message of this.parts.store.messages()) {
      this.pending.set(message.id, message);
      if (message.retried > 0) this.scheduleRetry(message);
      else this.schedule(message);
    }
  }

  /** From here on the message survives the end of the process. */
  accept(message: Message): void {
    this.parts.store.insertMessage(message);
    this.pending.set(message.id, message);
    this.counts.accepted += 1;
    this.log.add("CREATED", message);
    this.schedule(message);
  }

  find(messageId: string): Message | undefined {
    return this.pending.get(messageId);
  }

  all(): readonly Message[] {
    return [...this.pending.values()];
  }

  /** A delivery that has begun continues, but is not tried again. */
  cancel(message: Message): void {
    if (this.inFlight.has(message.id)) {
      this.cancelled.add(message.id);
      return;
    }
    const wasTimed = this.agenda.cancel(message.id);
    if (wasTimed && isHeld(message)) this.lanes.release(message, false);
    this.lanes.withdraw(message);
    this.forget(message);
    this.log.add("CANCELED", message);
  }

  /** Gives a dead letter another life, as a new message. */
  revive({ id, message }: DeadLetter): Message {
    const now = Date.now();
    const revived = { ...message, id: newMessageId(), createdAt: now, dueAt: now, retried: 0 };
    this.parts.store.atomically(() => {
      this.parts.store.deleteDeadLetter(id);
      this.accept(revived);
    });
    return revived;
  }

  stats() {
    return { ...this.counts, pending: this.pending.size, active: this.lanes.active };
  }

  close(): void {
    this.closed = true;
    this.agenda.clear();
    this.lanes.close();
  }

  private schedule(message: Message): void {
    if (message.dueAt <= Date.now()) this.lanes.enqueue(message);
    else this.agenda.at(message.id, message.dueAt, () => this.lanes.enqueue(message));
  }

  private scheduleRetry(message: Message): void {
    if (!isHeld(message)) {
      this.schedule(message);
      return;
    }
    this.lanes.hold(message);
    this.agenda.at(message.id, message.dueAt, () => this.lanes.release(message, true));
  }

  private async deliver(messageId: string): Promise<void> {
    const message = this.pending.get(messageId);
    if (!message) return;
    const fault = this.parts.faults.forDelivery();
    this.inFlight.add(messageId);
    if (fault.delayMs > 0) await sleep(fault.delayMs);
    if (fault.drop) this.drop(message);
    else this.settle(message, await this.transmit(message, fault));
    this.inFlight.delete(messageId);
    this.cancelled.delete(messageId);
  }

  private transmit(message: Message, fault: DeliveryFault): Promise<DeliveryResponse> {
    this.log.add("ACTIVE", message);
    this.counts.attempts += 1;
    if (fault.duplicate) {
      this.counts.duplicated += 1;
      void this.parts.transmitter.send(message);
    }
    return this.parts.transmitter.send(message);
  }

  private drop(message: Message): void {
    this.counts.dropped += 1;
    if (!this.closed) this.forget(message);
  }

  /** Writes down what an attempt led to. After close() the row stays as it is, and the next process tries again. */
  private settle(message: Message, response: DeliveryResponse): void {
    if (this.closed) return;
    if (isSuccess(response) && !message.callback) this.conclude(message, response);
    else this.parts.store.atomically(() => this.conclude(message, response));
  }

  private conclude(message: Message, response: DeliveryResponse): void {
    if (message.callback) this.accept(callbackMessage(message, response, message.callback));
    if (!isSuccess(response))
      this.log.add("ERROR", message, { error: response.body.toString(), responseStatus: response.status });
    if (this.cancelled.has(message.id)) this.finishCancelled(message);
    else this.finish(message, response);
  }

  private finish(message: Message, response: DeliveryResponse): void {
    const outcome = decideOutcome(message, response, Date.now());
    switch (outcome.kind) {
      case "delivered":
        this.counts.delivered += 1;
        this.parts.store.deleteMessageSoon(message.id);
        this.pending.delete(message.id);
        this.log.add("DELIVERED", message, { responseStatus: response.status });
        break;
      case "retry":
        this.retry(outcome.message);
        break;
      case "dead":
        this.bury(message, response);
        break;
    }
  }

  private retry(message: Message): void {
    this.counts.retried += 1;
    this.parts.store.rescheduleMessage(message);
    this.pending.set(message.id, message);
    this.log.add("RETRY", message, { nextDeliveryTime: message.dueAt });
    this.scheduleRetry(message);
  }

  private bury(message: Message, response: DeliveryResponse): void {
    const now = Date.now();
    const deadLetter: DeadLetter = {
      id: `${now}-${randomUUID().slice(0, 8)}`,
      message,
      response: { status: response.status, headers: response.headers, body: response.body.toString() },
    };
    this.counts.deadLettered += 1;
    this.parts.store.insertDeadLetter(deadLetter, now);
    this.forget(message);
    this.log.add("FAILED", message, { dlqId: deadLetter.id });
    if (message.failureCallback)
      this.accept(
        callbackMessage(message, response, { ...message.failureCallback, deadLetterId: deadLetter.id }),
      );
  }

  private finishCancelled(message: Message): void {
    this.forget(message);
    this.log.add("CANCELED", message);
  }

  private forget(message: Message): void {
    this.parts.store.deleteMessage(message.id);
    this.pending.delete(message.id);
  }
}

/** A message of a FIFO queue keeps its place while it waits for a retry. */
function isHeld({ queue, retried }: Message): boolean {
  return queue !== undefined && retried > 0;
}
