// npm run profile -- <run id | address>: where the step function of a run, or a route of the app, spends its time and memory. See docs/profiling.md.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { findConfig } from "#/local/config.ts";
import { attachToApp } from "./profile/attach.ts";
import { cpuCalls, heapCalls } from "./profile/call-tree.ts";
import { flamePage } from "./profile/flame-page.ts";
import { tellHottest, type Unit } from "./profile/hottest.ts";
import { frameNames } from "./profile/name-frames.ts";
import { ProfileProblem } from "./profile/problem.ts";
import { Recorded, record, within } from "./profile/record.ts";
import { indexSources } from "./profile/source-index.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const HOME = path.resolve(process.env["CAIRN_HOME"] ?? ".local");
const USAGE = `Say what to profile:
  npm run profile -- <run id>                    the step function, executing that run again
  npm run profile -- /api/v1/runs                a route of the app that runs here
Options: --seconds 6, --header "name: value" (several), --workspace ID, --out file.html`;
const LONGEST_S = 120;
/** What a start, a warm-up and a slow first answer may take beside the recording. */
const MARGIN_S = 60;
const UP_WITHIN_MS = 30_000;

const OPTIONS = {
  seconds: { type: "string", default: "6" },
  header: { type: "string", multiple: true },
  workspace: { type: "string" },
  out: { type: "string" },
} as const;

interface Asked {
  readonly target: string;
  readonly seconds: number;
  readonly headers: readonly string[];
  readonly workspace: string;
  readonly out: string | undefined;
  readonly apiKey: string;
  readonly url: string;
}

interface Profiled extends Recorded {
  readonly subject: string;
  readonly notes: readonly string[];
}

function readAsked(): Asked {
  const { positionals, values } = parse();
  const [target] = positionals;
  const seconds = Number(values.seconds);
  if (target === undefined || positionals.length > 1) throw new ProfileProblem(USAGE);
  if (!(seconds >= 1 && seconds <= LONGEST_S))
    throw new ProfileProblem(`--seconds is a number from 1 to ${LONGEST_S}.`);
  const local = readLocal();
  return {
    target,
    seconds,
    headers: values.header ?? [],
    workspace: values.workspace ?? local["CAIRN_WORKSPACE"] ?? "",
    out: values.out,
    apiKey: local["CAIRN_API_KEY"] ?? "",
    url: local["CAIRN_URL"] ?? "",
  };
}

function parse() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new ProfileProblem(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

/** What a start has written for scripts; a production start has made no key for them. */
function readLocal(): Readonly<Record<string, string>> {
  const config = findConfig(HOME);
  if (config?.appUrl !== undefined)
    return {
      CAIRN_URL: `http://localhost:${config.ports.app}`,
      CAIRN_API_KEY: process.env["CAIRN_API_KEY"] ?? "",
    };
  try {
    const lines = readFileSync(path.join(HOME, "env"), "utf8").split("\n");
    return Object.fromEntries(
      lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]),
    );
  } catch {
    throw new ProfileProblem(
      `There is no installation in ${HOME}. Start one with npm start, or name the folder of the one that runs (CAIRN_HOME=/var/lib/cairn), and try again.`,
    );
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function profile(asked: Asked): Promise<Profiled> {
  const isUp = await fetch(`${asked.url}/api/health`, { signal: AbortSignal.timeout(UP_WITHIN_MS) }).then(
    () => true,
    () => false,
  );
  if (!isUp)
    throw new ProfileProblem(
      `The app does not answer at ${asked.url}. Start it with npm start, and try again.`,
    );
  if (UUID.test(asked.target)) return profileRun(asked);
  if (/^(?:\/|https?:\/\/)/.test(asked.target)) return profileRoute(asked);
  throw new ProfileProblem(`“${asked.target}” is neither the id of a run nor an address.\n${USAGE}`);
}

async function profileRoute({ target, url, apiKey, headers, seconds }: Asked): Promise<Profiled> {
  const address = new URL(target, url);
  if (address.origin !== new URL(url).origin)
    throw new ProfileProblem(`Only the app that runs here can be profiled: ${url}.`);
  const init = {
    headers: { ...(apiKey && { authorization: `Bearer ${apiKey}` }), ...readHeaders(headers) },
    redirect: "manual",
  } as const;
  const once = async () => {
    const answer = await fetch(address, init);
    await answer.arrayBuffer();
    if (!answer.ok)
      throw new ProfileProblem(
        `GET ${address.pathname} answers ${answer.status}. The API wants a key of the workspace, which a production start has not made: CAIRN_API_KEY=… npm run profile. A page wants the cookie of a session: --header "cookie: …".`,
      );
  };
  const { posts, detach } = await attachToApp(HOME);
  try {
    const recorded = await within(
      seconds + MARGIN_S,
      record(posts, { once, seconds, maxRounds: Infinity }),
      "The profile",
    );
    const notes = posts.length > 1 ? [`In all ${posts.length} processes of the app, whoever was asked.`] : [];
    return { ...recorded, subject: `GET ${address.pathname}${address.search}`, notes };
  } finally {
    await detach();
  }
}

function readHeaders(headers: readonly string[]): Readonly<Record<string, string>> {
  const pairs = headers.map((header): [string, string] => {
    const at = header.indexOf(":");
    if (at < 1)
      throw new ProfileProblem(`A header is written “name: value”, and ${header.slice(0, 20)} is not.`);
    return [header.slice(0, at).trim().toLowerCase(), header.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

const Replayed = v.object({ recorded: Recorded, statuses: v.array(v.string()) });

async function profileRun({ target, workspace, seconds }: Asked): Promise<Profiled> {
  if (!UUID.test(workspace)) throw new ProfileProblem("Name the workspace of the run: --workspace ID.");
  const folder = mkdtempSync(path.join(os.tmpdir(), "cairn-profile-"));
  const file = path.join(folder, "profile.json");
  try {
    await runStepProcess([workspace, target, String(seconds), file], seconds + MARGIN_S);
    const { recorded, statuses } = v.parse(Replayed, JSON.parse(readFileSync(file, "utf8")));
    const notes = [
      `Each time it was executed until its status was ${statuses.join(" or ")}, as a run of its own that is marked as a try.`,
    ];
    return { ...recorded, subject: `run ${target}`, notes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runStepProcess(args: readonly string[], seconds: number): Promise<void> {
  const preload = pathToFileURL(path.join(ROOT, "local/with-environment.ts")).href;
  const script = path.join(ROOT, "scripts/profile/step-process.ts");
  const child = spawn(process.execPath, ["--conditions=react-server", "--import", preload, script, ...args], {
    cwd: ROOT,
    env: { ...process.env, CAIRN_HOME: HOME, LOG_LEVEL: "silent" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => void (said = `${said}${chunk.toString()}`.slice(-4_000)));
  const ended = new Promise<number | null>((resolve) => void child.once("exit", resolve));
  try {
    const code = await within(seconds, ended, "The profile");
    if (code !== 0)
      throw new ProfileProblem(said.trim() || "The process that executes the run has ended by itself.");
  } finally {
    child.kill();
  }
}

const done = (times: number) => `Done ${times} ${times === 1 ? "time" : "times"}. `;

const UNITS = {
  cpu: { what: "CPU", show: (ms: number) => `${Math.round(ms)} ms` },
  heap: { what: "heap", show: (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB allocated` },
} as const satisfies Readonly<Record<string, Unit>>;

function present({ subject, notes, cpu, heap, rounds }: Profiled, out: string | undefined): void {
  const name = frameNames(ROOT, indexSources(ROOT));
  const calls = { cpu: cpuCalls(cpu, name), heap: heapCalls(heap, name) };
  const words = {
    cpu: tellHottest(calls.cpu, UNITS.cpu).map((line, at) => (at === 0 ? done(rounds.cpu) + line : line)),
    heap: tellHottest(calls.heap, UNITS.heap).map((line, at) => (at === 0 ? done(rounds.heap) + line : line)),
  };
  const file = path.resolve(out ?? path.join(HOME, "profiles", `${slug(subject)}-${stamp()}.html`));
  mkdirSync(path.dirname(file), { recursive: true });
  const page = flamePage(subject, [
    { title: "CPU", unit: "ms", words: [...notes, ...words.cpu], root: calls.cpu },
    { title: "Heap", unit: "bytes", words: words.heap, root: calls.heap },
  ]);
  writeFileSync(file, page, { mode: 0o600 });
  console.log(
    [subject, ...notes, "", ...words.cpu, "", ...words.heap, "", `Flame graphs: ${file}`].join("\n"),
  );
}

const slug = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60);
const stamp = () => new Date().toISOString().slice(0, 19).replaceAll(":", "");

async function main(): Promise<void> {
  const asked = readAsked();
  present(await profile(asked), asked.out);
}

main().catch((error: unknown) => {
  if (!(error instanceof ProfileProblem)) throw error;
  console.error(`profile  ${error.message}`);
  // A request that hangs would hold the process.
  process.exit(1);
});
