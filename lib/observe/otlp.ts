import { log } from "#/lib/observe/log.ts";
import { hideSecrets } from "#/lib/observe/secrets.ts";

type Attribute = string | number | boolean;

/** Something that took time, as part of a trace. Ids are hexadecimal. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind: keyof typeof SPAN_KINDS;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, Attribute | undefined>>;
  readonly failed?: boolean | undefined;
}

/** Sends spans on. Nothing here ever throws or keeps anybody waiting. */
export interface SpanExporter {
  readonly add: (spans: readonly Span[]) => void;
  /** Resolves when what was added has been handed on, or could not be for now. */
  readonly flush: () => Promise<void>;
}

export interface SpanCollector {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What all spans come from: `service.name`, … */
  readonly resource: Readonly<Record<string, string>>;
}

const SPAN_KINDS = { internal: 1, client: 3, consumer: 5 } as const;
const STATUS_ERROR = 2;
const BATCH_MS = 2_000;
/** About 400 KB of JSON. */
const MOST_IN_REQUEST = 500;
/** What waits for a collector that is away. Beyond it the oldest go. */
const MOST_KEPT = 2_000;
const REQUEST_TIMEOUT_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
const LONGEST_TEXT = 256;
/** Those that the protocol says to try again. */
const PASSES_BY = new Set([429, 502, 503, 504]);

/** An exporter of the OpenTelemetry protocol, as JSON over HTTP. */
export function createSpanExporter(collector: SpanCollector, now: () => number = Date.now): SpanExporter {
  let kept: Span[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let failures = 0;
  let notBefore = 0;

  const sendAll = async () => {
    while (kept.length > 0) {
      const batch = kept.slice(0, MOST_IN_REQUEST);
      const went = await send(collector, batch);
      failures = went ? 0 : failures + 1;
      notBefore = went ? 0 : now() + Math.min(LONGEST_PAUSE_MS, BATCH_MS * 2 ** failures);
      if (!went) return;
      kept = kept.filter((span) => !batch.includes(span));
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (kept.length === 0 || now() < notBefore) return sending ?? Promise.resolve();
    sending ??= sendAll().finally(() => {
      sending = undefined;
    });
    return sending;
  };
  return {
    add: (spans) => {
      kept.push(...spans);
      if (kept.length > MOST_KEPT) {
        log.warn(
          { dropped: kept.length - MOST_KEPT },
          "Spans were dropped: the collector does not take them.",
        );
        kept = kept.slice(-MOST_KEPT);
      }
      timer ??= setTimeout(() => void flush(), BATCH_MS).unref();
    },
    flush,
  };
}

/** @returns false when the same may be sent again later */
async function send({ url, headers, resource }: SpanCollector, spans: readonly Span[]): Promise<boolean> {
  const scopeSpans = [{ scope: { name: "cairn" }, spans: spans.map(encodeSpan) }];
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({
        resourceSpans: [{ resource: { attributes: encodeAttributes(resource) }, scopeSpans }],
      }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    await answer.arrayBuffer();
    if (answer.ok) return true;
    log.warn({ status: answer.status }, "The collector of OTEL_EXPORTER_OTLP_ENDPOINT refuses spans.");
    return !PASSES_BY.has(answer.status);
  } catch (error) {
    log.debug({ err: error }, "The collector of OTEL_EXPORTER_OTLP_ENDPOINT does not answer.");
    return false;
  }
}

function encodeSpan({ name, kind, startMs, endMs, attributes, failed, ...ids }: Span) {
  return {
    ...ids,
    name: shorten(name),
    kind: SPAN_KINDS[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(Math.max(startMs, endMs)),
    attributes: encodeAttributes(attributes),
    ...(failed === true && { status: { code: STATUS_ERROR } }),
  };
}

/** As text: the number is beyond what a double holds. */
const nanoseconds = (ms: number) => `${BigInt(Math.round(ms)) * 1_000_000n}`;

function encodeAttributes(attributes: Span["attributes"]) {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: encodeValue(value) }],
  );
}

function encodeValue(value: Attribute) {
  if (typeof value === "string") return { stringValue: shorten(value) };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const shorten = (text: string) => hideSecrets(text).slice(0, LONGEST_TEXT);
