import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type EventSink, eventStream } from "#/lib/http/event-stream.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(signal = new AbortController().signal) {
  let sink: EventSink | undefined;
  const response = eventStream(new Request("http://localhost/", { signal }), (given) => {
    sink = given;
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => (await reader.read()).value;
  return { response, next, reader, sink: sink! };
}

test("is not held back or changed on its way by proxies", () => {
  const { headers } = open().response;
  expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(headers.get("cache-control")).toBe("no-cache, no-transform");
  expect(headers.get("x-accel-buffering")).toBe("no");
});

test("writes events that a browser resumes after", async () => {
  const { sink, next } = open();
  expect(await next()).toBe("retry: 500\n\n");
  sink.send({ name: "delta", id: "1~2-0", data: { text: "two\nlines" } });
  expect(await next()).toBe('id: 1~2-0\nevent: delta\ndata: {"text":"two\\nlines"}\n\n');
});

test("shows that it is alive while nothing happens", async () => {
  const { next } = open();
  await next();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await next()).toBe(": still here\n\n");
});

test("ends before its function does, and asks the client to come back at once", async () => {
  const { next, sink } = open();
  await vi.advanceTimersByTimeAsync(240_000);
  const texts: string[] = [];
  for (let text = await next(); text !== undefined; text = await next()) texts.push(text);
  expect(texts.at(-1)).toBe("retry: 50\n\n");
  expect(sink.ended.aborted).toBe(true);
});

test("ends its source when the client leaves, also when it has left already", async () => {
  const leaving = new AbortController();
  const { sink } = open(leaving.signal);
  leaving.abort();
  expect(sink.ended.aborted).toBe(true);
  const started = vi.fn<(sink: EventSink) => void>();
  eventStream(new Request("http://localhost/", { signal: AbortSignal.abort() }), started);
  expect(started).not.toHaveBeenCalled();
});

const kilobytes = (count: number) => ({ name: "step", id: "1~0", data: "x".repeat(1024 * count) });
const isDrained = async (sink: EventSink) =>
  Promise.race([sink.drained().then(() => true), vi.advanceTimersByTimeAsync(100).then(() => false)]);

test("asks its source to wait for a slow client", async () => {
  const { sink, next } = open();
  expect(await isDrained(sink)).toBe(true);
  sink.send(kilobytes(600));
  expect(await isDrained(sink)).toBe(false);
  await next();
  await next();
  expect(await isDrained(sink)).toBe(true);
});

test("lets a client go that does not read, and what was kept for it", async () => {
  const { sink, reader } = open();
  sink.send(kilobytes(600));
  await vi.advanceTimersByTimeAsync(31_000);
  expect(sink.ended.aborted).toBe(true);
  await expect(sink.drained()).resolves.toBeUndefined();
  await expect(reader.read().then(() => reader.read())).rejects.toThrow("does not read");
});

test("keeps no more than a bound for a client, whatever its source does", () => {
  const { sink } = open();
  let sent = 0;
  for (; !sink.ended.aborted && sent < 100; sent += 1) sink.send(kilobytes(512));
  expect(sent).toBeLessThan(20);
});
