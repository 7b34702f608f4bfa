// Vercel's Workflow SDK on its PostgreSQL world, served by a plain HTTP server: every step is a job in PostgreSQL and a request on loopback.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { Ends } from "../ends.ts";
import { offer } from "../offer.ts";
import { readVersion } from "../versions.ts";

const HOME = path.resolve(import.meta.dirname, "..");
const BUILT = path.join(HOME, ".well-known/workflow/v1");

type Handler = (request: Request) => Promise<Response>;

/** The SDK compiles the directives of `workflows/` into two handlers. */
function build(): { flow: Handler; step: Handler } {
  execFileSync(process.execPath, ["node_modules/workflow/bin/run.js", "build"], { cwd: HOME, stdio: "pipe" });
  // What it builds is CommonJS, and our package is not.
  writeFileSync(path.join(HOME, ".well-known/package.json"), '{"type":"commonjs"}');
  const require = createRequire(import.meta.url);
  return { flow: require(path.join(BUILT, "flow.js")).POST, step: require(path.join(BUILT, "step.js")).POST };
}

const server = http.createServer();
// Its client keeps connections for 30 s and more: a server that hangs up earlier resets them.
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
const port = typeof address === "object" && address ? address.port : 0;

Object.assign(process.env, {
  PORT: String(port),
  WORKFLOW_TARGET_WORLD: "@workflow/world-postgres",
  WORKFLOW_POSTGRES_URL: process.argv[2],
  WORKFLOW_POSTGRES_WORKER_CONCURRENCY: "50",
  WORKFLOW_POSTGRES_MAX_POOL_SIZE: "60",
});
execFileSync(process.execPath, ["node_modules/@workflow/world-postgres/bin/setup.js"], {
  cwd: HOME,
  env: process.env,
  stdio: "pipe",
});
const handlers = build();
const { start } = await import("workflow/api");
const { getWorld } = await import("workflow/runtime");

server.on(
  "request",
  (incoming: http.IncomingMessage, outgoing: http.ServerResponse) => void serve(incoming, outgoing),
);

async function serve(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const handle = incoming.url?.startsWith("/.well-known/workflow/v1/flow") ? handlers.flow : handlers.step;
  const headers = new Headers(
    Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const body = incoming.method === "POST" ? await buffer(incoming) : null;
  const request = new Request(`http://127.0.0.1:${port}${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers,
    body,
  });
  const response = await handle(request).catch(
    (error: unknown) => new Response(String(error), { status: 500 }),
  );
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

const world = getWorld();
await world.start?.();
const ends = new Ends<true>();
const { events } = world;
const create = events.create.bind(events);
/** Its own `returnValue` asks once a second whether the run has ended, which would be all that we measure: we learn of the end as it is stored. */
Reflect.set(events, "create", async (...call: Parameters<typeof create>) => {
  const stored = await create(...call);
  const [runId, { eventType }] = call;
  if (eventType === "run_completed" && runId !== null) ends.tell(runId, true);
  return stored;
});

const chain = { workflowId: "workflow//./workflows/chain//chain" };

async function run(): Promise<void> {
  const started = await start<[], number>(chain, []);
  await ends.of(started.runId);
  const total = await started.returnValue;
  if (total !== 45) throw new Error(`The total is ${total}.`);
}

offer({ version: `${readVersion("workflow")}, ${readVersion("@workflow/world-postgres")}`, run });
