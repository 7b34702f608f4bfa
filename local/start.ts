// npm start: the loopback cloud, the database, the build and the app, ready to use without an account or a key.
// npm start -- --production: the same on an operator's own database and domain, without samples (docs/on-premise.md). --prepare only builds.
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { buildIfChanged } from "./build.ts";
import { Children } from "./children.ts";
import { findConfig, type LocalConfig, openConfig } from "./config.ts";
import { type Deployment, describeDemo } from "./deployment.ts";
import { holdFolder } from "./holder.ts";
import { openProduction } from "./production/start.ts";
import { findRelease } from "./release.ts";
import { seed } from "./seed/seed.ts";
import { serveAll } from "./services.ts";
import { KEPT_MS } from "./web/kept-connections.ts";

const FOLDER = path.resolve(process.env["CAIRN_HOME"] ?? ".local");
const NEXT = "node_modules/next/dist/bin/next";
const startedAt = Date.now();
const { values: wishes } = parseArgs({
  options: {
    production: { type: "boolean", default: false },
    "offline-model": { type: "boolean", default: false },
    prepare: { type: "boolean", default: false },
  },
});

function say(text: string): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
  console.log(`cairn ${seconds}s  ${text}`);
}

async function stage(name: string, work: () => Promise<string | void>): Promise<void> {
  const from = Date.now();
  const detail = await work();
  say(`${name}${detail ? `: ${detail}` : ""} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
}

const children = new Children(
  FOLDER,
  (name, logFile) => say(`${name} ended and is started again; see ${logFile}`),
  wishes.production ? "console" : "files",
);
let release: () => void = () => undefined;

/** Longer than the app gives its processes (local/web.ts). */
const APP_ENDS_WITHIN_MS = 90_000;

/** In production the app goes first: the steps that it has begun need the others. */
async function stopAll(code: number): Promise<void> {
  if (wishes.production) await children.end("app", APP_ENDS_WITHIN_MS);
  await children.stop();
  release();
  process.exit(code);
}

function takeFolder(): void {
  const hold = holdFolder(FOLDER);
  if (!hold.isFree)
    throw new Error(`Cairn is already running here (${hold.holder}). Stop it there with Ctrl-C.`);
  ({ release } = hold);
}

async function startDemo(): Promise<void> {
  const { appUrl } = findConfig(FOLDER) ?? {};
  if (appUrl)
    throw new Error(`${FOLDER} has the production deployment of ${appUrl}: npm start -- --production`);
  const config = await openConfig(FOLDER);
  const deployment = describeDemo(config);
  const { env } = deployment;
  const building = buildIfChanged(children);
  // It connects to the others when it is asked for something, so it may come before them.
  const launching = building.then(() => launchApp(config, env));
  // Waited for below; a failure before that must not count as unhandled.
  launching.catch(() => undefined);
  await stage("loopback cloud", async () => {
    await serveAll(children, { ...deployment, folder: FOLDER });
    return "Postgres, Redis, QStash, Pinecone, model, identity, mail, web search and an MCP server on 127.0.0.1";
  });
  await stage("database", async () => setUpDatabase(env));
  await stage("build", async () => ((await building) ? "made" : "unchanged"));
  await stage("app", async () => {
    await launching;
    await whenAppAnswers(config, env);
  });
  await stage("sample workspace", () => seed({ folder: FOLDER, config, env }));
  welcome(config);
}

async function startProduction(): Promise<void> {
  const production = await openProduction(FOLDER, wishes["offline-model"]);
  for (const text of production.told) say(text);
  const { config, env } = production;
  await stage("build", async () => ((await buildIfChanged(children)) ? "made" : "unchanged"));
  await stage("services", () => serveAll(children, { ...production, folder: FOLDER }));
  await stage("database", () => setUp(env));
  await stage("app", async () => {
    await production.launchApp(children);
    await whenAppAnswers(config, env);
  });
  await stage("first person", production.makeFirstPerson);
  process.on("SIGHUP", () => void reload(production));
  say(
    `Cairn is ready: ${config.appUrl}. Kill -HUP ${process.pid} replaces its processes one by one, TERM ends it when steps under way are done.`,
  );
}

/** For a new release, or new settings of the database: whoever is served goes on being served. */
async function reload({ env }: Deployment): Promise<void> {
  await stage("database", () => setUp(env)).catch((error: unknown) => say(String(error)));
  children.signal("app", "SIGHUP");
}

async function setUp(env: Deployment["env"]): Promise<void> {
  const script = path.join(findRelease(), "scripts/setup.ts");
  await children.run("setup", ["--conditions=react-server", script], env);
}

async function setUpDatabase(env: Deployment["env"]): Promise<string> {
  await setUp(env);
  if (process.env["CAIRN_POSTGRES_URL"]) return "PostgreSQL at CAIRN_POSTGRES_URL";
  return "embedded PGlite, one query at a time: a long one holds up the others and cannot be cancelled. For more load set CAIRN_POSTGRES_URL";
}

function launchApp({ ports }: LocalConfig, env: Deployment["env"]): void {
  // -H localhost and not 127.0.0.1: with the latter Next answers 500 to whatever middleware rewrites.
  children.launch(
    "app",
    // The inspector stays closed until a signal opens it, at a port that is free then (docs/profiling.md).
    [
      "--inspect-port=127.0.0.1:0",
      NEXT,
      "start",
      "-H",
      "localhost",
      "-p",
      String(ports.app),
      "--keepAliveTimeout",
      String(KEPT_MS),
    ],
    { ...env, NODE_ENV: "production" },
  );
}

async function whenAppAnswers({ ports }: LocalConfig, env: Deployment["env"]): Promise<void> {
  const token = env["METRICS_TOKEN"] ?? process.env["METRICS_TOKEN"];
  for (let tries = 0; tries < 600; tries += 1) {
    // Only our own app knows this token; another one that took the port in the meantime answers 401.
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://localhost:${ports.app}/api/metrics`, { headers }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(
    `The app does not answer on port ${ports.app}. If another program has taken it, start again. See ${path.relative(".", path.join(FOLDER, "logs/app.log"))}`,
  );
}

function welcome({ ports, secrets }: LocalConfig): void {
  console.log(`
  Cairn is ready:  http://localhost:${ports.app}

  Sign in with     ada@cairn.local   password  ${secrets.userPassword}
  What to do next  open the run that waits for your approval, approve it, and read the cited brief.
                   Scripts find the URL, an API key and a webhook in .local/env
  Mails            that workflows send stay here: http://127.0.0.1:${ports.mailbox}
  Stop             Ctrl-C (your data stays in .local)
`);
}

async function main(): Promise<void> {
  if (wishes.prepare)
    return stage("build", async () => ((await buildIfChanged(children)) ? "made" : "unchanged"));
  takeFolder();
  await (wishes.production ? startProduction() : startDemo());
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stopAll(0));
// Whoever has started this with a channel, a bench or a test, has ended without a word.
process.once("disconnect", () => void stopAll(1));
if (!wishes.production) process.on("SIGHUP", () => void stopAll(0));
main().catch(async (error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  await stopAll(1);
});
