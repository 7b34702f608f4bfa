import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { ProfileProblem } from "./problem.ts";

/** The processes that serve the app of a folder: one of `npm start`, or the workers of a production start behind one port. */
export interface AppProcesses {
  readonly kind: "single" | "workers";
  readonly pids: readonly number[];
}

const NOT_RUNNING =
  "The app does not run here. Start it with npm start, or name the folder of the one that runs: CAIRN_HOME=/var/lib/cairn. Then try again.";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

/** Finds who serves the app of this folder. Any other process would die of the signal: the number may have been given to another one since. */
export function findApp(home: string): AppProcesses {
  const file = path.join(home, "logs", "app.pid");
  const pid = existsSync(file) ? Number(readFileSync(file, "utf8")) : Number.NaN;
  if (!Number.isInteger(pid) || pid <= 0) throw new ProfileProblem(NOT_RUNNING);
  if (process.platform === "win32") return { kind: "single", pids: [pid] };
  const running = listProcesses();
  const args = running.find((one) => one.pid === pid)?.args ?? "";
  if (/\blocal\/web\.ts\b/.test(args)) return { kind: "workers", pids: findWorkers(running, pid) };
  if (!isServer(args)) throw new ProfileProblem(NOT_RUNNING);
  return { kind: "single", pids: [pid] };
}

/** Next gives its process another name once it serves. */
const isServer = (args: string) => /\bnext\b|next-server|\bweb\/worker\.ts\b/.test(args);

function findWorkers(running: readonly Process[], supervisor: number): readonly number[] {
  if (!existsSync("/proc/net/tcp"))
    throw new ProfileProblem(
      "Several processes behind one port can be profiled on Linux only. Start it with npm start, without --production, and try again.",
    );
  const pids = running
    .filter(({ parent, args }) => parent === supervisor && isServer(args))
    .map(({ pid }) => pid);
  if (pids.length === 0) throw new ProfileProblem(NOT_RUNNING);
  return pids;
}

function listProcesses(): readonly Process[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

const FOUND_WITHIN_TRIES = 100;
const ANSWERS_WITHIN_MS = 2_000;

/** Returns the address of the inspector that a process has opened: a worker listens at nothing else, for the port of the app is its parent's. */
export async function findInspectorOf(pid: number): Promise<string> {
  for (let tries = 0; tries < FOUND_WITHIN_TRIES; tries += 1) {
    for (const port of listenedPorts(pid)) {
      const url = await readInspector(port);
      if (url !== undefined) return url;
    }
    await sleep(100);
  }
  throw new ProfileProblem(
    `Process ${pid} of the app did not open its inspector within 10 s. Is it stuck, or of a version before? Replace it (systemctl reload cairn), and try again.`,
  );
}

const LISTENS = "0A";

/** Ports of this machine on which a process listens, as the kernel tells. */
function listenedPorts(pid: number): readonly number[] {
  const own = new Set(readSockets(pid));
  const rows = readFileSync(`/proc/${pid}/net/tcp`, "utf8").split("\n").slice(1);
  return rows.flatMap((row) => {
    const fields = row.trim().split(/\s+/);
    const isOwn = fields[3] === LISTENS && own.has(`socket:[${fields[9]}]`);
    return isOwn ? [Number.parseInt(fields[1]?.split(":")[1] ?? "", 16)] : [];
  });
}

function readSockets(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => readTarget(path.join(folder, name)));
  } catch (cause) {
    throw new ProfileProblem(
      `Process ${pid} of the app is another person's, or has ended. Profile as the person who runs it: sudo -u cairn …`,
      { cause },
    );
  }
}

/** One that was closed in the meantime is none. */
function readTarget(link: string): readonly string[] {
  try {
    return [readlinkSync(link)];
  } catch {
    return [];
  }
}

const Targets = v.array(v.object({ webSocketDebuggerUrl: v.string() }));

async function readInspector(port: number): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`, {
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
    return v.parse(Targets, await answer.json())[0]?.webSocketDebuggerUrl;
  } catch {
    return undefined;
  }
}
