/** One server-sent event. `id` is where a client that lost the connection goes on. */
interface StreamedEvent {
  readonly name: string;
  readonly id: string;
  readonly data: unknown;
}

/** Where a stream's source writes to. Nothing arrives after the stream has ended. */
export interface EventSink {
  readonly send: (event: StreamedEvent) => void;
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

/** Serves server-sent events until the source ends them, the client leaves, or it is time to reconnect. */
export function eventStream(request: Request, start: (sink: EventSink) => void): Response {
  const ending = new AbortController();
  const end = () => ending.abort();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const encoder = new TextEncoder();
      const write = (text: string) => {
        if (!ending.signal.aborted) controller.enqueue(encoder.encode(text));
      };
      const heartbeat = setInterval(() => write(": still here\n\n"), HEARTBEAT_MS);
      const lifetime = setTimeout(() => {
        write(`retry: ${RECONNECT_AT_ONCE_MS}\n\n`);
        end();
      }, LIFETIME_MS);
      ending.signal.addEventListener("abort", () => {
        clearInterval(heartbeat);
        clearTimeout(lifetime);
        closeQuietly(controller);
      });
      request.signal.addEventListener("abort", end);
      write(`retry: ${RECONNECT_AFTER_MS}\n\n`);
      start({ send: (event) => write(format(event)), end, ended: ending.signal });
    },
    cancel: end,
  });
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache, no-transform", "x-accel-buffering": "no" };
  return new Response(body, { headers });
}

/** JSON has no raw line breaks, so an event is always one `data:` line. */
function format({ name, id, data }: StreamedEvent): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A stream that the client has cancelled is closed already, and says so by throwing. */
function closeQuietly(controller: ReadableStreamDefaultController): void {
  try {
    controller.close();
  } catch {
    // Closed is what we want.
  }
}
