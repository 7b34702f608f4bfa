/** One server-sent event. `id` is where a client that lost the connection continues; without one, where it would have before. */
interface StreamedEvent {
  readonly name: string;
  readonly id?: string;
  readonly data: unknown;
}

/** The end of a stream that its source writes to. Nothing arrives after the stream has ended. */
export interface EventSink {
  readonly send: (event: StreamedEvent) => void;
  /** Resolves when the client has taken most of what was sent, or the stream has ended. A source that waits for it stays small. */
  readonly drained: () => Promise<void>;
  /** Ends the stream. */
  readonly end: () => void;
  /** Aborted when the stream has ended, whoever ended it. */
  readonly ended: AbortSignal;
}

const HEARTBEAT_MS = 15_000;
/** Below the longest life of a function (300 s), so that the stream ends itself and is not cut off. */
const LIFETIME_MS = 235_000;
const RECONNECT_AFTER_MS = 500;
const RECONNECT_AT_ONCE_MS = 50;
/** The bytes that may wait for the client here. Beyond it the source is asked to wait, and much beyond it the client is let go. */
const BUFFER_BYTES = 256 * 1024;
const MOST_BYTES = 8 * 1024 * 1024;
/** A client that takes nothing for so long is gone, or asleep; it comes back to where it was. */
const STALLED_MS = 30_000;

/** Serves server-sent events until the source ends them, the client leaves or stops reading, or it is time to reconnect. */
export function eventStream(request: Request, start: (sink: EventSink) => void): Response {
  let stream: EventWriter | undefined;
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start: (controller) => {
      stream = new EventWriter(controller);
      if (request.signal.aborted) return stream.end();
      request.signal.addEventListener("abort", () => stream?.end());
      stream.open();
      start(stream);
    },
    pull: () => stream?.onPull(),
    cancel: () => stream?.end(),
  };
  const body = new ReadableStream<Uint8Array>(
    source,
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  };
  return new Response(body, { headers });
}

/** One client's stream, and how much of it the client has not taken yet. */
class EventWriter implements EventSink {
  readonly #controller: ReadableStreamDefaultController<Uint8Array>;
  readonly #ending = new AbortController();
  readonly #encoder = new TextEncoder();
  readonly #timers: NodeJS.Timeout[] = [];
  #full:
    | { readonly over: Promise<void>; readonly end: () => void; readonly timer: NodeJS.Timeout }
    | undefined;

  constructor(controller: ReadableStreamDefaultController<Uint8Array>) {
    this.#controller = controller;
  }

  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  readonly send = ({ name, id, data }: StreamedEvent): void => {
    // JSON has no raw line breaks, so an event is always one `data:` line.
    this.#write(`${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };

  readonly drained = async (): Promise<void> => {
    await this.#full?.over;
  };

  readonly end = (): void => {
    this.#stop();
    try {
      this.#controller.close();
    } catch {
      // A stream that the client has cancelled is closed already, and says so by throwing.
    }
  };

  open(): void {
    this.#timers.push(setInterval(() => !this.#full && this.#write(": still here\n\n"), HEARTBEAT_MS));
    this.#timers.push(setTimeout(() => this.#askToReconnect(), LIFETIME_MS));
    this.#write(`retry: ${RECONNECT_AFTER_MS}\n\n`);
  }

  /** The client has room again. */
  onPull(): void {
    clearTimeout(this.#full?.timer);
    this.#full?.end();
    this.#full = undefined;
  }

  #write(text: string): void {
    if (this.ended.aborted) return;
    this.#controller.enqueue(this.#encoder.encode(text));
    const room = this.#controller.desiredSize ?? 0;
    if (room < BUFFER_BYTES - MOST_BYTES) this.#drop();
    else if (room <= 0) this.#full ??= this.#wait();
  }

  #wait() {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { over: promise, end: resolve, timer: setTimeout(() => this.#drop(), STALLED_MS) };
  }

  #askToReconnect(): void {
    this.#write(`retry: ${RECONNECT_AT_ONCE_MS}\n\n`);
    this.end();
  }

  /** Unlike an end, it lets go at once of what the client has not taken. */
  #drop(): void {
    this.#stop();
    this.#controller.error(new DOMException("The client does not read.", "AbortError"));
  }

  #stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.onPull();
    this.#ending.abort();
  }
}
