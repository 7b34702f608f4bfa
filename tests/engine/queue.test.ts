import { createServer } from "node:http";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { isFromQueue, type QueuedWake, sendWakeUps } from "#/lib/cloud/queue.ts";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { type Qstash, startQstash } from "#/local/qstash/serve.ts";
import { setEnvironment } from "#/tests/support/environment.ts";

interface Delivery {
  readonly path: string;
  readonly bypass: string | undefined;
  readonly body: unknown;
  readonly isFromQueue: boolean;
}
type Accident = "none" | "connection is cut" | "answer is cut" | "refused";

const RUN = "0190d2f0-0000-7000-8000-000000000001";
const lane = { key: "ws_a", parallelism: 20 };
const wakeUp = (wakes: number, delayMs?: number): QueuedWake => ({
  workspaceId: "w",
  runId: RUN,
  wakes,
  delayMs,
  lane,
});

let qstash: Qstash;
let deliveries: Delivery[] = [];
/** What happens to the requests of our adapter on their way to the queue, one after the other. */
let accidents: Accident[] = [];

/** The product: notes what it is told. */
const app = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += String(part)));
  request.on("end", async () => {
    const path = request.url ?? "";
    const genuine = await isFromQueue({
      signature: String(request.headers["upstash-signature"]),
      body,
      path,
    });
    deliveries.push({
      path,
      bypass: request.headers["x-vercel-protection-bypass"]?.toString(),
      body: JSON.parse(body),
      isFromQueue: genuine,
    });
    response.end();
  });
});

/** The way to the queue, on which things go wrong. */
const network = createServer((request, response) => {
  const accident = accidents.shift() ?? "none";
  if (accident === "connection is cut") return void request.socket.destroy();
  if (accident === "refused") return void response.writeHead(429).end('{"error":"too many"}');
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", async () => {
    const { authorization = "" } = request.headers;
    const answer = await fetch(`http://127.0.0.1:${qstash.port}${request.url}`, {
      method: "POST",
      headers: { authorization },
      body: Buffer.concat(parts),
    });
    if (accident === "answer is cut") request.socket.destroy();
    else response.writeHead(answer.status).end(await answer.text());
  });
});

beforeAll(async () => {
  qstash = await startQstash({
    port: 0,
    file: ":memory:",
    token: "token",
    currentSigningKey: "current",
    nextSigningKey: "next",
  });
  const [appPort, networkPort] = [await listenOnLoopback(app, 0), await listenOnLoopback(network, 0)];
  setEnvironment({
    APP_URL: `http://127.0.0.1:${appPort}`,
    QSTASH_URL: `http://127.0.0.1:${networkPort}`,
    VERCEL_AUTOMATION_BYPASS_SECRET: "bypass",
  });
});
afterEach(() => {
  deliveries = [];
  accidents = [];
});
afterAll(async () => {
  await qstash.stop();
  app.closeAllConnections();
  network.closeAllConnections();
  await Promise.all([closeServer(app), closeServer(network)]);
});

const nothingPending = () => vi.waitFor(() => expect(qstash.stats().pending).toBe(0), 3_000);

test("a wake-up reaches the route, signed for it, and past the protection of a deployment", async () => {
  await sendWakeUps([wakeUp(1)]);
  await vi.waitFor(() =>
    expect(deliveries).toEqual([
      { path: "/api/queue/run", bypass: "bypass", body: { workspaceId: "w", runId: RUN }, isFromQueue: true },
    ]),
  );
});

test("a wake-up is delivered once although connections broke before and after the queue took it", async () => {
  accidents = ["connection is cut", "answer is cut"];
  await sendWakeUps([wakeUp(2)]);
  await sendWakeUps([wakeUp(2)]);
  await nothingPending();
  expect(deliveries.length).toBe(1);
});

test("whoever sends hears that the queue does not take it, as a whole or one message of it", async () => {
  accidents = ["refused"];
  await expect(sendWakeUps([wakeUp(3)])).rejects.toThrow(/rate limit/);
  accidents = ["connection is cut", "connection is cut", "connection is cut"];
  await expect(sendWakeUps([wakeUp(3)])).rejects.toThrow(/fetch failed|socket|ECONNRESET/);
  await expect(sendWakeUps([wakeUp(4), { ...wakeUp(5), runId: "a:b" }])).rejects.toThrow("DeduplicationId");
  await vi.waitFor(() => expect(deliveries.length).toBe(1));
});

test("a wake-up comes after its delay, and one beyond what the queue allows is left to the sweeper", async () => {
  const from = performance.now();
  await sendWakeUps([wakeUp(6, 300), wakeUp(7, 7 * 86_400_000)]);
  await nothingPending();
  expect(deliveries.length).toBe(1);
  expect(performance.now() - from).toBeGreaterThan(900);
});
