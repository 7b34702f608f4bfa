import "server-only";
import { laneWidth } from "#/agents/engine/limits.ts";
import type { WakeUp } from "#/agents/runner/runner-ports.ts";
import { database } from "#/db/client.ts";
import { type QueuedWake, sendWakeUps } from "#/lib/cloud/queue.ts";
import { log } from "#/lib/observe/log.ts";
import { readPace } from "#/operations/limits/pace.ts";

/** High and low runs have lanes of their own: what is urgent is never behind a thousand others, and what can wait leaves room. */
async function inLane(wakeUp: WakeUp): Promise<QueuedWake> {
  const { workspaceId, priority } = wakeUp;
  const limits = await readPace(database().tenant({ workspaceId }));
  const key = priority === "normal" ? `ws_${workspaceId}` : `ws_${workspaceId}_${priority}`;
  return { ...wakeUp, lane: { key, parallelism: laneWidth(priority, limits) } };
}

/** A wake-up that cannot be sent is still owed: the run's row says so, and the next sweep sends it. */
export async function wake(wakeUps: readonly WakeUp[]): Promise<void> {
  try {
    await sendWakeUps(await Promise.all(wakeUps.map(inLane)));
  } catch (error) {
    log.warn(
      { err: error, runs: wakeUps.map((wakeUp) => wakeUp.runId) },
      "The queue did not take the wake-ups; the sweeper will send them.",
    );
  }
}
