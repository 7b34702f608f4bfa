// Live output of the built product: from the model's first token to the followers', and what breaking connections lose.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { percentiles, report, timeAll } from "#/bench/percentiles.ts";
import { listenOnLoopback } from "#/local/loopback.ts";
import { startOpenai } from "#/local/openai/serve.ts";
import { type ReceivedEvent, readEvents } from "#/tests/support/event-source.ts";
import { followBrokenly } from "#/tests/support/follow.ts";
import { startProduct } from "#/tests/support/product.ts";
import { seededRandom } from "#/tests/support/random.ts";

const FOLLOWERS = 50;
const SEED = Number(process.env["SEED"] ?? 1);
const KEY = "bench";
const PROMPT = "Speak.";

/** How many words the model says, how fast, and after how long: late enough for everybody to listen. */
const speech = { words: 60, everyMs: 10, firstAfterMs: 0 };
let firstSaidAt = 0;

const offline = await startOpenai({ port: 0, apiKey: KEY });
const model = createServer((request, response) => void answer(request, response));
Object.assign(process.env, {
  LLM_BASE_URL: `http://127.0.0.1:${await listenOnLoopback(model, 0)}/v1`,
  LLM_API_KEY: KEY,
  LLM_MODEL: "local-extractive-1",
  EMBEDDING_MODEL: "local-hash-1024",
  EMBEDDING_DIMENSIONS: "1024",
});
const product = await startProduct();
const workflowId = await publishSpeech();

/** Speaks when asked to; all else is answered by the offline model. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  if (body.includes(PROMPT)) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    await speak((chunk) => void response.write(`data: ${JSON.stringify(chunk)}\n\n`));
    response.end("data: [DONE]\n\n");
    return;
  }
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
  const given = await fetch(`http://127.0.0.1:${offline.port}${request.url}`, {
    method: "POST",
    headers,
    body: new Uint8Array(body),
  });
  response.writeHead(given.status, {
    "content-type": given.headers.get("content-type") ?? "application/json",
  });
  response.end(await given.text());
}

async function speak(write: (chunk: unknown) => void): Promise<void> {
  const part = (delta: unknown, finish: string | null = null) => ({
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  await sleep(speech.firstAfterMs);
  firstSaidAt = performance.now();
  for (let index = 0; index < speech.words; index += 1) {
    write(part({ role: "assistant", content: `w${index} ` }));
    await sleep(speech.everyMs);
  }
  write(part({}, "stop"));
}

async function post<T>(route: string, json: unknown): Promise<T> {
  const response = await product.api(route, { json });
  if (!response.ok) throw new Error(`POST ${route} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function publishSpeech(): Promise<string> {
  const edges = [
    { from: "start", to: "speak" },
    { from: "speak", to: "end" },
  ];
  const definition = {
    format: "cairn/v1",
    name: "Speech",
    kind: "graph",
    steps: { speak: { type: "llm", prompt: PROMPT } },
    edges,
  };
  const { id } = await post<{ id: string }>("/api/v1/workflows", {
    name: `Speech ${Date.now()}`,
    definition,
  });
  await post(`/api/v1/workflows/${id}/versions`, {});
  return id;
}

const isText = ({ name }: ReceivedEvent) => name === "delta";
const joinText = (events: readonly ReceivedEvent[]) =>
  events
    .filter(isText)
    .map(({ data }) => data.text)
    .join("");
const isSaid = (events: readonly ReceivedEvent[]) => events.some(({ name }) => name === "end");

async function start(): Promise<string> {
  const { id } = await post<{ id: string }>(`/api/v1/workflows/${workflowId}/runs`, {});
  return `${product.url}/api/v1/runs/${id}/events`;
}

/** How long after the model's first token each follower had it. */
async function firstTokens(followers: number): Promise<readonly number[]> {
  const address = await start();
  return Promise.all(
    Array.from({ length: followers }, async () => {
      let firstAt = 0;
      await readEvents(address, product.apiKey, undefined, (events) => {
        if (firstAt === 0 && events.some(isText)) firstAt = performance.now();
        return isSaid(events);
      });
      return firstAt - firstSaidAt;
    }),
  );
}

async function measureFirstTokens(followers: number, runs: number): Promise<void> {
  speech.firstAfterMs = 300 + 25 * followers;
  const samples: number[] = [];
  await timeAll(runs, 1, async () => void samples.push(...(await firstTokens(followers))));
  report(
    `first token at the follower after the model's, ${followers} of one run`,
    percentiles(samples.slice(followers)),
  );
}

/** What followers miss and get twice while each of their connections breaks after a few events. */
async function measureBreaks(): Promise<void> {
  Object.assign(speech, { words: 600, everyMs: 4 });
  const address = await start();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const random = seededRandom(SEED + index);
      return followBrokenly(address, product.apiKey, {
        enough: isSaid,
        eventsAConnection: () => 1 + Math.floor(random() * 6),
      });
    }),
  );
  const said = Array.from({ length: speech.words }, (_, index) => `w${index}`);
  const faults = all.map(({ seen }) => findFaults(seen, said));
  const sum = (of: (it: (typeof faults)[number]) => number) =>
    faults.reduce((total, it) => total + of(it), 0);
  const breaks = all.reduce((total, { connections }) => total + connections - 1, 0);
  report(
    `20 followers of ${speech.words} words over ${breaks} broken connections (seed ${SEED})`,
    `${sum(({ lost }) => lost)} lost · ${sum(({ doubled }) => doubled)} doubled`,
  );
}

/** Words that came neither as they were said nor with their step are lost. */
function findFaults(events: readonly ReceivedEvent[], said: readonly string[]) {
  const words = joinText(events).trim().split(" ");
  const whole = String(events.find(({ name }) => name === "step")?.data.output ?? "")
    .trim()
    .split(" ");
  const isInOrder = words.every((word, index) => word === said[index] || index === words.length - 1);
  return {
    lost: said.filter((word) => !whole.includes(word)).length + (isInOrder ? 0 : 1),
    doubled: words.length - new Set(words).size,
  };
}

await measureFirstTokens(1, 21);
await measureFirstTokens(FOLLOWERS, 9);
await measureBreaks();
await product.stop();
process.exit(0);
