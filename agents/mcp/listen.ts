import { isModern } from "#/agents/mcp/dialect.ts";
import { readEvents } from "#/agents/mcp/event-reader.ts";
import { type Answer, readAnswer, readMessage } from "#/agents/mcp/message.ts";
import { replyTo } from "#/agents/mcp/reply.ts";
import type { Listening } from "#/agents/mcp/sending.ts";
import { toHeaders } from "#/agents/mcp/request.ts";
import { AnswerTooLarge, type OutboundStream } from "#/lib/outbound.ts";

/** The place that a stream has got to. */
interface Place {
  lastEventId: string | undefined;
  retryMs: number;
  /** Attempts to take it up that failed, one after the other. */
  failures: number;
  replies: number;
}

const RETRY_MS = 500;
const SHORTEST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;
/** Servers that have nothing to tell yet may end each stream at once. */
const MOST_STREAMS = 200;
const MOST_FAILURES = 4;
/** A server that asks more than this wants something else than an answer. */
const MOST_REPLIES = 50;

/** Reads until a request is answered. A stream that a server has marked with the ids of its events is taken up again where it broke off. @throws what the network says */
export async function listenForAnswer(
  answering: OutboundStream,
  listening: Listening,
): Promise<Answer | undefined> {
  if (!isEventStream(answering)) return readAnswer(await readText(answering.pieces), listening.id);
  const place: Place = { lastEventId: undefined, retryMs: RETRY_MS, failures: 0, replies: 0 };
  let read = await readStream(answering, listening, place);
  for (let streams = 1; streams < MOST_STREAMS && canReadOn(read, listening, place); streams += 1)
    read = await readOn(read, listening, place);
  if (read.error !== undefined) throw read.error;
  return read.answer;
}

const isEventStream = ({ headers }: OutboundStream) =>
  headers["content-type"]?.toLowerCase().startsWith("text/event-stream") === true;

async function readText(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read).toString("utf8");
}

/** The answer, or the reason that there is none: without an error the stream has ended. */
interface Read {
  readonly answer?: Answer | undefined;
  readonly error?: unknown;
}

async function readStream(stream: OutboundStream, listening: Listening, place: Place): Promise<Read> {
  try {
    for await (const { data, id, retryMs } of readEvents(stream.pieces)) {
      place.lastEventId = id ?? place.lastEventId;
      place.retryMs = retryMs ?? place.retryMs;
      const answer = data === undefined ? undefined : takeIn(data, listening, place);
      if (answer) return { answer };
    }
    return {};
  } catch (error) {
    return { error };
  } finally {
    stream.close();
  }
}

/** Takes one message in. @returns the answer, if it is that */
function takeIn(text: string, listening: Listening, place: Place): Answer | undefined {
  const { sending, id, heard } = listening;
  const message = readMessage(text, id);
  switch (message?.kind) {
    case "answer":
      return message.answer;
    case "progress":
      heard();
      sending.request.onProgress?.(message.progress);
      return undefined;
    case "request":
      place.replies += 1;
      if (!isModern(sending.dialect) && place.replies <= MOST_REPLIES) replyTo(message, listening);
      return undefined;
    case undefined:
      return undefined;
  }
}

const EVENT_ID = /^[\x20-\x7e]{1,1000}$/;

/** Only servers of the older revisions give ids; and an answer that was too long is too long again. */
const canReadOn = (
  { answer, error }: Read,
  { sending, signal }: Listening,
  { lastEventId, failures }: Place,
): boolean =>
  answer === undefined &&
  !(error instanceof AnswerTooLarge) &&
  !signal.aborted &&
  !isModern(sending.dialect) &&
  failures < MOST_FAILURES &&
  EVENT_ID.test(lastEventId ?? "");

/** Takes a stream up behind the last event that was seen. */
async function readOn(before: Read, listening: Listening, place: Place): Promise<Read> {
  await pause(place.retryMs * 2 ** place.failures, listening.signal);
  const stream = await openAgain(listening, place);
  if (stream && stream !== "refused") {
    place.failures = 0;
    return readStream(stream, listening, place);
  }
  place.failures = stream === "refused" ? MOST_FAILURES : place.failures + 1;
  return before;
}

async function pause(wishedMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(Math.max(wishedMs, SHORTEST_RETRY_MS), LONGEST_RETRY_MS));
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
  signal.throwIfAborted();
}

/** Opens the stream behind the last event that was seen. @returns undefined where it may work the next time */
async function openAgain(
  { ports, sending, signal }: Listening,
  { lastEventId = "" }: Place,
): Promise<OutboundStream | "refused" | undefined> {
  const { address, dialect, sessionId } = sending;
  const { "content-type": _, ...headers } = toHeaders(dialect, { method: "GET", sessionId });
  const stream = await ports
    .stream({
      url: address.url,
      headers: {
        ...address.headers,
        ...headers,
        accept: "text/event-stream",
        "last-event-id": lastEventId,
      },
      signal,
      staysAtOrigin: true,
    })
    .catch(() => undefined);
  signal.throwIfAborted();
  if (stream === undefined || (stream.status === 200 && isEventStream(stream))) return stream;
  stream.close();
  return stream.status >= 500 || stream.status === 429 ? undefined : "refused";
}
