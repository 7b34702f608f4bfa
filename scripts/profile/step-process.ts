// Executes the step function of a run again, in this process, and writes what CPU and heap it took: step-process.ts <workspace> <run> <seconds> <file>
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { advanceRun, type Runner } from "#/agents/runner/advance.ts";
import type { RunRef, WakeUp } from "#/agents/runner/runner-ports.ts";
import { database, type Tenant } from "#/db/client.ts";
import { insertFork, readOrigin } from "#/db/forks.ts";
import { storeCancel } from "#/db/run-lifecycle.ts";
import { openRunner } from "#/operations/execution/advance.ts";
import { ProfileProblem } from "./problem.ts";
import { type Post, record } from "./record.ts";

/** Each makes a run, marked as a try: enough to see what is hot, and few enough to be looked at. */
const MOST_REPLAYS = 20;
/** Of one replay. A run may go on for days. */
const MOST_INVOCATIONS = 100;

const UNKEPT =
  "The answer of this call is not kept any more, and a profile neither pays for a model nor writes to the outside: profile a younger run.";

const [workspaceId = "", origin = "", seconds = "", file = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const tenant = database().tenant({ workspaceId });
  if (!(await readOrigin(tenant, origin)))
    throw new ProfileProblem(
      `Workspace ${workspaceId} has no run ${origin} of a workflow. Is it another workspace's? Name it: --workspace ID.`,
    );
  const session = new Session();
  session.connect();
  const post = session.post.bind(session) as Post;
  const statuses = new Set<string>();
  const once = async () => void statuses.add(await replay(tenant));
  const recorded = await record([post], { once, seconds: Number(seconds), maxRounds: MOST_REPLAYS });
  writeFileSync(file, JSON.stringify({ recorded, statuses: [...statuses] }));
}

/** Does the run anew, with what it has paid for, until it ends or waits. @returns what became of it */
async function replay(tenant: Tenant): Promise<string> {
  const forked = await insertFork(tenant, {
    id: randomUUID(),
    origin,
    superstep: null,
    fresh: true,
    state: {},
    reuses: true,
    trigger: { kind: "manual", forkedFrom: origin },
    isTry: true,
  });
  if (!("runId" in forked)) throw new ProfileProblem(REFUSED[forked.refused]);
  const { runId } = forked;
  try {
    return await drive({ workspaceId, runId, wakes: forked.wakes, priority: forked.priority });
  } finally {
    await storeCancel(tenant, runId, "A profile has seen enough.");
  }
}

const REFUSED = {
  child: "This run is a part of another one: profile that one.",
  "not-found": "There is no such run.",
  "no-checkpoint": "What is needed to execute this run again is not kept any more.",
  incomplete: "The stored state of this run is incomplete.",
} as const;

/** Delivers the wake-ups of a run and of those that it starts, here and at once, instead of the queue. */
async function drive(first: WakeUp): Promise<string> {
  let status = "queued";
  const due: WakeUp[] = [first];
  const runner = makeRunner({
    wake: (wakeUps) => void due.push(...wakeUps.filter(({ delayMs = 0 }) => delayMs <= 0)),
    ended: (ref, now) => {
      if (ref.runId === first.runId) status = now;
    },
  });
  for (let invocations = 0; invocations < MOST_INVOCATIONS; invocations += 1) {
    const next = due.shift();
    if (!next) break;
    await advanceRun(runner, next, { messageId: randomUUID(), retried: 0 });
  }
  return status;
}

const refuse = () => Promise.reject(new Error(UNKEPT));

interface Ears {
  readonly wake: (wakeUps: readonly WakeUp[]) => void;
  readonly ended: (ref: RunRef, status: string) => void;
}

function makeRunner({ wake, ended }: Ears): Runner {
  const runner = openRunner();
  return {
    ...runner,
    store: { ...runner.store, beginSideEffect: refuse },
    wake: async (wakeUps) => wake(wakeUps),
    observe: {
      superstepCommitted: (ref, { settlement }) => ended(ref, settlement.status),
      stepFailed: () => undefined,
    },
    makePorts: (ref) => {
      const ports = runner.makePorts(ref);
      return { ...ports, models: { ...ports.models, language: refuse } };
    },
  };
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const isOurs = error instanceof ProfileProblem || (error instanceof Error && error.message === UNKEPT);
    console.error(isOurs ? error.message : error);
    process.exit(isOurs ? 3 : 1);
  },
);
