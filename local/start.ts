// npm start: the loopback cloud, the database, the build and the app, ready to use without an account or a key.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildIfChanged } from "./build.ts";
import { Children } from "./children.ts";
import { type LocalConfig, openConfig } from "./config.ts";
import { productEnvironment } from "./environment.ts";
import { seed } from "./seed/seed.ts";

const FOLDER = path.resolve(process.env["CAIRN_HOME"] ?? ".local");
const PID_FILE = path.join(FOLDER, "pid");
const NEXT = "node_modules/next/dist/bin/next";
const startedAt = Date.now();

function say(text: string): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
  console.log(`cairn ${seconds}s  ${text}`);
}

async function stage(name: string, work: () => Promise<string | void>): Promise<void> {
  const from = Date.now();
  const detail = await work();
  say(`${name}${detail ? `: ${detail}` : ""} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
}

/** Two starts in one folder would open one database twice. */
function refuseSecondStart(): void {
  if (!existsSync(PID_FILE)) return;
  const pid = Number(readFileSync(PID_FILE, "utf8"));
  try {
    process.kill(pid, 0);
  } catch {
    rmSync(PID_FILE);
    return;
  }
  console.error(`Cairn is already running here (process ${pid}). Stop it with Ctrl-C there, or: kill ${pid}`);
  process.exit(1);
}

const children = new Children(FOLDER, (name, logFile) =>
  say(`${name} ended and is started again; see ${path.relative(".", logFile)}`),
);

async function stopAll(code: number): Promise<void> {
  await children.stop();
  rmSync(PID_FILE, { force: true });
  process.exit(code);
}

async function main(): Promise<void> {
  refuseSecondStart();
  const config = await openConfig(FOLDER);
  writeFileSync(PID_FILE, String(process.pid));
  const env = productEnvironment(config);
  const building = buildIfChanged(children);
  // It connects to the others when it is asked for something, so it may come before them.
  const launching = building.then(() => launchApp(config, env));
  // Waited for below; a failure before that must not count as unhandled.
  launching.catch(() => undefined);
  await stage("loopback cloud", async () => startServices());
  await stage("database", async () => setUpDatabase(env));
  await stage("build", async () => ((await building) ? "made" : "unchanged"));
  await stage("app", async () => {
    await launching;
    await whenAppAnswers(config);
  });
  await stage("sample workspace", () => seed({ folder: FOLDER, config, env }));
  welcome(config);
}

async function startServices(): Promise<string> {
  const groups = ["neon", "pinecone", "qstash", "redis,openai,identity,mcp,mail,search"];
  await Promise.all(
    groups.map((names) => children.serve(names.replaceAll(",", "-"), ["local/service.ts", names, FOLDER])),
  );
  return "Postgres, Redis, QStash, Pinecone, model, identity, mail, web search and an MCP server on 127.0.0.1";
}

async function setUpDatabase(env: Record<string, string>): Promise<string> {
  await children.run("setup", ["--conditions=react-server", "scripts/setup.ts"], env);
  if (process.env["CAIRN_POSTGRES_URL"]) return "PostgreSQL at CAIRN_POSTGRES_URL";
  return "embedded PGlite, one query at a time: a long one holds up the others and cannot be cancelled. For more load set CAIRN_POSTGRES_URL";
}

function launchApp({ ports }: LocalConfig, env: Record<string, string>): void {
  // -H localhost and not 127.0.0.1: with the latter Next answers 500 to whatever middleware rewrites.
  children.launch(
    "app",
    // The inspector stays closed until a signal opens it, at a port that is free then (docs/profiling.md).
    ["--inspect-port=127.0.0.1:0", NEXT, "start", "-H", "localhost", "-p", String(ports.app)],
    { ...env, NODE_ENV: "production" },
  );
}

async function whenAppAnswers({ ports, secrets }: LocalConfig): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    // Only our own app knows this token; another one that took the port in the meantime answers 401.
    const headers = { authorization: `Bearer ${secrets.metricsToken}` };
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

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stopAll(0));
main().catch(async (error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  await stopAll(1);
});
