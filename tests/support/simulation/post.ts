import { randomUUID } from "node:crypto";
import type { WakeUp } from "#/agents/runner/runner-ports.ts";

const AT_ONCE = 3;
const MOST_RETRIES = 5;

export interface Message extends WakeUp {
  readonly messageId: string;
  readonly retried: number;
}

/** A queue that loses messages, delivers some of them twice, late, and in any order. */
export class Post {
  readonly #random: () => number;
  #messages: readonly Message[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  send(wakeUps: readonly WakeUp[]): void {
    for (const wakeUp of wakeUps) {
      if (this.#random() < 0.1) continue;
      const message = { ...wakeUp, messageId: randomUUID(), retried: 0 };
      this.#messages = [...this.#messages, message, ...(this.#random() < 0.2 ? [message] : [])];
    }
  }

  /** The same message again, as after an answer that asks for it. */
  again(message: Message): void {
    if (message.retried < MOST_RETRIES)
      this.#messages = [...this.#messages, { ...message, retried: message.retried + 1 }];
  }

  /** Some of what there is. */
  draw(): readonly Message[] {
    const shuffled = this.#messages
      .map((message) => ({ message, place: this.#random() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ message }) => message);
    this.#messages = shuffled.slice(AT_ONCE);
    return shuffled.slice(0, AT_ONCE);
  }
}
