import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Contender } from "./contenders.ts";
import { between, type Counters, readCounters } from "./counters.ts";
import { type Message, type Round, STEPS } from "./offer.ts";
import type { BenchPostgres } from "./postgres.ts";

/** One system under one load, once. */
export interface Measurement {
  readonly callers: number;
  readonly runsMs: readonly number[];
  readonly wallMs: number;
  readonly done: Counters;
  /** The share of the machine's processors that others used meanwhile. Above 0.1, times are not to be trusted. */
  readonly othersShare: number;
}

export type Outcome =
  | { readonly kind: "measured"; readonly version: string; readonly measurements: readonly Measurement[] }
  | { readonly kind: "could not run"; readonly reason: string };

export interface Load {
  readonly callers: readonly number[];
  readonly seconds: number;
}

const LONGEST_START_MS = 180_000;
/** Some thousand steps: before, a just-in-time compiler runs as much machine code of its own as of the system. */
const WARM_UP_S = 10;
const LONGEST_ROUND_MS = 180_000;
/** What a system still has to write down after it has answered counts as its work. */
const AFTERMATH_MS = 700;

/** Starts a system, warms it up and measures it at each concurrency. A system that cannot do it says why; nothing else ends for it. */
export async function measureContender(
  postgres: BenchPostgres,
  contender: Contender,
  load: Load,
): Promise<Outcome> {
  const system = start(contender, postgres);
  try {
    const ready = await system.next("ready", LONGEST_START_MS);
    await system.round({ callers: 10, seconds: WARM_UP_S });
    await lookAtTables(postgres, contender.database);
    const watched = { database: contender.database, pid: system.child.pid ?? 0, standIns: ready.standIns };
    const measurements: Measurement[] = [];
    for (const callers of load.callers) {
      const before = await readCounters(postgres, watched);
      const from = performance.now();
      const { runsMs, wallMs } = await system.round({ callers, seconds: load.seconds });
      await sleep(AFTERMATH_MS);
      const done = between(before, await readCounters(postgres, watched));
      measurements.push({
        callers,
        runsMs,
        wallMs,
        done,
        othersShare: shareOfOthers(done, performance.now() - from),
      });
    }
    return { kind: "measured", version: ready.version, measurements };
  } catch (error) {
    return { kind: "could not run", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await system.stop();
  }
}

/** As autovacuum does within a minute. Before it, plans rest on guesses about empty tables. */
async function lookAtTables(postgres: BenchPostgres, database: string): Promise<void> {
  const client = new Client({ connectionString: postgres.makeUrl(database) });
  await client.connect();
  await client.query("vacuum analyze");
  await client.end();
}

function shareOfOthers({ machineMs, nodeMs, standInMs, postgresMs }: Counters, elapsedMs: number): number {
  return Math.max(0, machineMs - nodeMs - standInMs - postgresMs) / (elapsedMs * os.availableParallelism());
}

type MessageOf<Kind extends Message["kind"]> = Message & { readonly kind: Kind };

interface Running {
  readonly child: ChildProcess;
  readonly next: <Kind extends Message["kind"]>(kind: Kind, withinMs: number) => Promise<MessageOf<Kind>>;
  readonly round: (round: Round) => Promise<MessageOf<"measured">>;
  readonly stop: () => Promise<void>;
}

function start({ script, folder, database, args = [] }: Contender, { makeUrl }: BenchPostgres): Running {
  const child = fork(script, [makeUrl(database), ...args], {
    cwd: folder,
    execArgv: ["--conditions=react-server"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      LANGSMITH_TRACING: "false",
      BENCH_POSTGRES_URL: makeUrl("postgres"),
    },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said = (said + String(chunk)).slice(-4000);
  });
  const next: Running["next"] = async (kind, withinMs) => {
    const deadline = new AbortController();
    const heard = Promise.race([
      once(child, "message", { signal: deadline.signal }).then(([message]) => message as Message),
      once(child, "exit", { signal: deadline.signal }).then(([code]) =>
        Promise.reject(new Error(`It ended with ${String(code)}: ${reasonIn(said)}`)),
      ),
      sleep(withinMs, undefined, { signal: deadline.signal }).then(() =>
        Promise.reject(new Error(`No answer within ${withinMs / 1000} s. ${reasonIn(said)}`)),
      ),
    ]);
    const message = await heard.finally(() => deadline.abort());
    if (message.kind === "failed") throw new Error(message.reason);
    if (!isOf(message, kind)) throw new Error(`It said “${message.kind}” instead of “${kind}”.`);
    return message;
  };
  return {
    child,
    next,
    round: (round) => {
      child.send(round);
      return next("measured", LONGEST_ROUND_MS + round.seconds * 1000);
    },
    stop: () => stop(child),
  };
}

function isOf<Kind extends Message["kind"]>(message: Message, kind: Kind): message is MessageOf<Kind> {
  return message.kind === kind;
}

/** The line that names the error, out of a stack trace. */
function reasonIn(said: string): string {
  const lines = said
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.find((line) => /Error\b/.test(line)) ?? lines.at(-1) ?? "";
}

/** Systems end when their channel closes; one that does not is killed. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  if (child.connected) child.disconnect();
  const impatience = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(impatience);
}

/** How many steps a measurement stands for. */
export function countSteps({ runsMs }: Measurement): number {
  return runsMs.length * STEPS;
}
