import { readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { Webhook } from "standardwebhooks";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { startOpenai } from "#/local/openai/serve.ts";
import { startQstash } from "#/local/qstash/serve.ts";
import { DEFAULT_ENVIRONMENT } from "#/tests/support/environment.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { Killable } from "#/tests/support/killable.ts";
import { type Region, startRegion } from "#/tests/support/regions.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

const WATCHED = ["queue", "kv", "vectors", "models"] as const;
type Watched = (typeof WATCHED)[number];

/** A deployment that runs, with a loopback cloud of its own around it that notes what is asked of it. */
export interface CloudRegion extends Region {
  readonly url: string;
  /** Requests to each service, in order: address and body. */
  readonly traffic: Readonly<Record<Watched, string[]>>;
  /** Names the services that the deployment's process has connected to since it was started; another address by its port. */
  readonly listReached: () => readonly string[];
  /** Tells all that the queue still knows of messages, and of those that were given up. */
  readonly readMessages: () => Promise<string>;
  /** Has the queue deliver a tick. */
  readonly tick: () => Promise<void>;
  /** Delivers an event of the identity provider, as it tells each deployment. */
  readonly tellIdentity: (event: object) => Promise<void>;
}

/** @param variables of its environment, instead of those that lead to its own cloud */
export async function startCloudRegion(
  name: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<CloudRegion> {
  const region = await startRegion(name);
  await region.vectors.create({ name: "cairn", dimension: 1024, metric: "cosine" });
  const cloud = await startCloud(region);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = scratchDirectory();
  const file = path.join(folder, "reached");
  writeFileSync(file, "");
  const app = new Killable(
    ["--conditions=react-server", "tests/support/api-process.ts", String(port), file],
    {
      ...DEFAULT_ENVIRONMENT,
      ...region.variables,
      ...cloud.variables,
      APP_URL: url,
      LOG_LEVEL: "silent",
      ...variables,
    },
  );
  await app.start();
  return {
    ...region,
    url,
    variables: { ...region.variables, ...cloud.variables },
    traffic: cloud.traffic,
    listReached: () => [...new Set(readLines(file).map((to) => cloud.names.get(to) ?? to))].toSorted(),
    readMessages: cloud.readMessages,
    tick: () => cloud.publish(`${url}/api/queue/tick`),
    tellIdentity: (event) => tellIdentity(url, event),
    stop: async () => {
      await app.kill();
      await cloud.stop();
      await region.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

const at = (port: number) => `http://127.0.0.1:${port}`;
const portOf = (url = "") => new URL(url).port;

/** The services around a deployment, but for its database, each behind somebody who notes what is asked of it. */
async function startCloud(region: Region) {
  const { name, kv, database, variables } = region;
  const vectors = variables["PINECONE_CONTROLLER_HOST"] ?? "";
  const signing = { currentSigningKey: `current-${name}`, nextSigningKey: `next-${name}` };
  const [qstash, model] = await Promise.all([
    startQstash({ port: 0, file: ":memory:", token: "queue", ...signing }),
    startOpenai({ port: 0, apiKey: "models" }),
  ]);
  const watches = {
    queue: await watch(at(qstash.port)),
    kv: await watch(kv.url),
    vectors: await watch(vectors),
    models: await watch(at(model.port)),
  };
  const ask = async (route: string, init: RequestInit = {}) =>
    (
      await fetch(`${at(qstash.port)}/v2/${route}`, { ...init, headers: { authorization: "Bearer queue" } })
    ).text();
  return {
    variables: {
      DATABASE_URL: database.runtimeUrl,
      KV_REST_API_URL: watches.kv.url,
      QSTASH_URL: watches.queue.url,
      QSTASH_TOKEN: "queue",
      QSTASH_CURRENT_SIGNING_KEY: signing.currentSigningKey,
      QSTASH_NEXT_SIGNING_KEY: signing.nextSigningKey,
      PINECONE_CONTROLLER_HOST: watches.vectors.url,
      LLM_BASE_URL: `${watches.models.url}/v1`,
      LLM_API_KEY: "models",
      EMBEDDING_MODEL: "local-hash-1024",
      EMBEDDING_DIMENSIONS: "1024",
    },
    traffic: mapWatched((watched) => watches[watched].seen),
    names: new Map<string, string>([
      [portOf(database.runtimeUrl), "database"],
      ...WATCHED.map((watched): [string, string] => [portOf(watches[watched].url), watched]),
    ]),
    readMessages: async () => (await Promise.all([ask("events"), ask("dlq")])).join("\n"),
    publish: async (to: string) => void (await ask(`publish/${to}`, { method: "POST", body: "{}" })),
    stop: async () => {
      await Promise.all(WATCHED.map((watched) => watches[watched].stop()));
      await Promise.all([qstash.stop(), model.stop()]);
    },
  };
}

const mapWatched = <T>(value: (watched: Watched) => T) =>
  Object.fromEntries(WATCHED.map((watched) => [watched, value(watched)])) as Record<Watched, T>;

const readLines = (file: string) => readFileSync(file, "utf8").split("\n").filter(Boolean);

async function tellIdentity(url: string, event: object): Promise<void> {
  const [id, now, body] = [`msg_${crypto.randomUUID()}`, new Date(), JSON.stringify(event)];
  const headers = {
    "svix-id": id,
    "svix-timestamp": String(Math.floor(now.getTime() / 1_000)),
    "svix-signature": new Webhook(DEFAULT_ENVIRONMENT["CLERK_WEBHOOK_SIGNING_SECRET"] ?? "").sign(
      id,
      now,
      body,
    ),
  };
  const { status } = await fetch(`${url}/api/clerk`, { method: "POST", headers, body });
  if (status !== 204) throw new Error(`The event was answered with ${status}.`);
}

/** Stands before a service, and notes what goes to it. Where the service tells its own address, as an index does, it tells that of its watch. */
async function watch(service: string) {
  const seen: string[] = [];
  const { host, port } = new URL(service);
  let own = 0;
  const server = http.createServer((request, response) => void pass(request, response));
  const pass = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const body = await readAll(request);
    const { method = "GET", url: asked = "/", headers } = request;
    seen.push(`${asked} ${body.toString()}`);
    const onward = http.request({ port, path: asked, method, headers, host: "127.0.0.1" }, (answer) => {
      const { "content-length": _length, ...others } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, others);
      answer.on("data", (chunk: Buffer) => {
        const text = chunk.toString("latin1");
        response.write(text.replaceAll(host, `127.0.0.1:${own}`), "latin1");
      });
      answer.on("end", () => response.end());
    });
    onward.on("error", () => response.destroy());
    onward.end(body);
  };
  server.keepAliveTimeout = 65_000;
  own = await listenOnLoopback(server, 0);
  return { seen, url: at(own), stop: () => closeServer(server) };
}

async function readAll(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
