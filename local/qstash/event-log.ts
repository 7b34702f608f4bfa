import type { Message } from "#/local/qstash/message.ts";

export type EventState = "CREATED" | "ACTIVE" | "DELIVERED" | "ERROR" | "RETRY" | "FAILED" | "CANCELED";

export type LoggedEvent = {
  readonly time: number;
  readonly state: EventState;
  readonly message: Message;
  readonly detail: Readonly<Record<string, unknown>>;
};

const KEEP = 10_000;

/** The newest events, in memory: they are for looking at, nothing depends on them. */
export class EventLog {
  private readonly events: LoggedEvent[] = [];

  add(state: EventState, message: Message, detail: LoggedEvent["detail"] = {}): void {
    this.events.push({ time: Date.now(), state, message, detail });
    // Cutting in larger pieces makes it cheap per event.
    if (this.events.length > KEEP * 1.1) this.events.splice(0, this.events.length - KEEP);
  }

  newestFirst(): readonly LoggedEvent[] {
    return this.events.toReversed();
  }
}
