import { expect } from "vitest";
import type { Database } from "#/db/client.ts";
import { sweepRuns } from "#/db/run-lifecycle.ts";
import type { SimulatedRun } from "#/tests/support/simulation/schedule.ts";

/** LangGraph keeps one checkpoint for the input and one for its start besides. */
const OWN_CHECKPOINTS = 2;

/** What must be true of a run however unlucky its world was. */
export async function expectInvariants(db: Database, { tenant, runId, workflow, outside }: SimulatedRun): Promise<void> {
  const [runs, logs, checkpoints, waits, approvals, journal, effects] = await tenant.batch((query) => [
    query.selectFrom("agent_sessions").selectAll().orderBy("depth"),
    query.selectFrom("agent_logs").select(["session_id", "task_id", "status", "superstep", "input_tokens", "output_tokens"]),
    query.selectFrom("checkpoints").select(["thread_id", "parent_checkpoint_id"]),
    query.selectFrom("waits").select(["run_id", "status"]).where("status", "<>", "consumed"),
    query.selectFrom("approvals").select("id").where("status", "=", "open"),
    query.selectFrom("journal").select(["run_id", "key", "result"]),
    query.selectFrom("side_effects").select(["key", "state", "step"]),
  ]);
  const root = runs.find((run) => run.id === runId);
  expect(root, "the run ends in the right state with the right output").toMatchObject({ status: "succeeded", output: workflow.expected });
  for (const run of runs) expect(run, "every run that it started has ended").toMatchObject({ status: "succeeded", lease_by: null });
  for (const run of runs) {
    const own = logs.filter((log) => log.session_id === run.id && log.status === "succeeded");
    expect(new Set(own.map((log) => log.task_id)).size, "no task is committed twice").toBe(own.length);
    const points = checkpoints.filter((point) => point.thread_id === run.id);
    expect(points.length, "one checkpoint for each committed superstep").toBe(run.step + OWN_CHECKPOINTS);
    expect(new Set(points.map((point) => point.parent_checkpoint_id)).size, "no checkpoint has two children").toBe(points.length);
    expect(run.usage.inputTokens, "usage is the sum of the log").toBe(logs.filter((log) => log.session_id === run.id).reduce((sum, log) => sum + log.input_tokens, 0));
  }
  expect(waits, "nothing waits any more").toEqual([]);
  expect(approvals, "nobody is asked any more").toEqual([]);
  const answers = journal.filter((entry) => entry.key.endsWith(":model")).length;
  expect(answers, "answers that were paid for and kept were asked for at least once each").toBeLessThanOrEqual(outside.answered.length);
  expect([...outside.ledger.values()].toSorted(), "every write was accepted exactly once").toEqual([...workflow.writes].toSorted());
  for (const effect of effects) if (workflow.writes.includes(effect.step)) expect(effect.state).toMatch(/^(sent|assumed)$/);
  const owed = (await sweepRuns(db.system, -1000, 100_000)).filter((run) => run.workspaceId === tenant.workspaceId);
  expect(owed, "no wake-up is owed").toEqual([]);
}
