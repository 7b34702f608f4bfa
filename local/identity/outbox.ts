import { Webhook } from "standardwebhooks";
import { newId } from "#/local/identity/identifier.ts";
import type { IdentityStore, OutgoingRecord } from "#/local/identity/store.ts";

export interface WebhookTarget {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
}

const INSTANCE = "ins_cairn_local";
const TIMEOUT_MS = 10_000;
/** The receiver is not there: it is starting, or being started again. */
const ABSENT_RETRY_MS = 500;
const FIRST_REFUSED_RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;
/** About two minutes. One event that cannot be digested must not hold up all the others for ever. */
const MOST_REFUSALS = 12;

/**
 * Sends webhooks, signed, one after the other in the order of the changes, each until it is acknowledged. What was not is kept in
 * the store and continues after a restart.
 */
export class Outbox {
  readonly #store: IdentityStore;
  readonly #target: WebhookTarget;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  constructor(store: IdentityStore, target: WebhookTarget) {
    this.#store = store;
    this.#target = target;
  }

  add(type: string, data: unknown): void {
    const event = {
      type,
      object: "event",
      data,
      timestamp: Date.now(),
      instance_id: INSTANCE,
      event_attributes: { http_request: { client_ip: "127.0.0.1", user_agent: "" } },
    };
    this.#store.put("outgoing", { id: newId("msg"), body: JSON.stringify(event), refusals: 0 });
    // The change may be one of several: the first of them must not be sent before the last is stored.
    this.#wakeIn(0);
  }

  start(): void {
    this.#wakeIn(0);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopping.abort();
    await this.#sending;
  }

  #wakeIn(delayMs: number): void {
    if (this.#sending || this.#stopping.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#sending = this.#send();
    }, delayMs);
  }

  async #send(): Promise<void> {
    const retryInMs = await this.#sendInOrder();
    this.#sending = undefined;
    // Something may have been added after the last look.
    if (this.#store.all("outgoing").length > 0) this.#wakeIn(retryInMs ?? 0);
  }

  /** @returns when to try again; undefined when all are sent. */
  async #sendInOrder(): Promise<number | undefined> {
    for (let [next] = this.#store.all("outgoing"); next; [next] = this.#store.all("outgoing")) {
      const status = await this.#deliver(next);
      if (status === undefined) return ABSENT_RETRY_MS;
      if (status >= 200 && status < 300) this.#store.delete("outgoing", next.id);
      else return this.#refused(next, status);
    }
    return undefined;
  }

  #refused(message: OutgoingRecord, status: number): number {
    const refusals = message.refusals + 1;
    if (refusals < MOST_REFUSALS) {
      this.#store.put("outgoing", { ...message, refusals });
      return Math.min(FIRST_REFUSED_RETRY_MS * 2 ** message.refusals, LONGEST_RETRY_MS);
    }
    console.error(
      `identity façade: webhook ${message.id} was answered ${status} ${refusals} times and is given up: ${message.body}`,
    );
    this.#store.delete("outgoing", message.id);
    return 0;
  }

  /** @returns the status of the answer; undefined when there was none. */
  async #deliver({ id, body }: OutgoingRecord): Promise<number | undefined> {
    const sentAt = new Date();
    const headers = {
      "content-type": "application/json",
      "svix-id": id,
      "svix-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
      "svix-signature": new Webhook(this.#target.secret).sign(id, sentAt, body),
    };
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const response = await fetch(this.#target.url, { method: "POST", headers, body, signal });
      await response.body?.cancel();
      return response.status;
    } catch {
      return undefined;
    }
  }
}
