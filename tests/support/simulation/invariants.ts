import { expect } from "vitest";
import type { Database } from "#/db/client.ts";
import type { Usage } from "#/db/tables.ts";
import { sweepRuns } from "#/db/run-lifecycle.ts";
import { answerIn } from "#/tests/support/simulation/receipts.ts";
import type { SimulatedRun } from "#/tests/support/simulation/schedule.ts";

/** Lines of a log that speak of a task of which another line has spoken. */
const repeated = (lines: readonly { readonly task_id: string }[]) =>
  lines.filter((line, index) => lines.findIndex((other) => other.task_id === line.task_id) !== index);

const tokensOf = ({ inputTokens, outputTokens }: Pick<Usage, "inputTokens" | "outputTokens">) =>
  inputTokens + outputTokens;
const familyTokens = (usage: Usage) => tokensOf(usage) + (usage.children ? tokensOf(usage.children) : 0);

/** What must be true of a run however unlucky its world was. */
export async function expectInvariants(db: Database, simulated: SimulatedRun): Promise<void> {
  const { tenant, runId, forkId, workflow, world } = simulated;
  const { outside, receipts } = world;
  const [runs, logs, checkpoints, waits, approvals, journal, effects, reservations] = await tenant.batch(
    (query) => [
      query.selectFrom("agent_sessions").selectAll().orderBy("depth"),
      query
        .selectFrom("agent_logs")
        .select([
          "session_id",
          "task_id",
          "status",
          "superstep",
          "attempt",
          "input_tokens",
          "output_tokens",
          "reused",
        ]),
      query.selectFrom("checkpoints").select(["thread_id", "parent_checkpoint_id", "metadata"]),
      query
        .selectFrom("waits")
        .select(["run_id", "status"])
        .where("status", "<>", "consumed")
        .where("status", "<>", "cancelled"),
      query.selectFrom("approvals").select("id").where("status", "=", "open"),
      query.selectFrom("journal").select(["run_id", "key", "result", "line"]),
      query.selectFrom("side_effects").select(["key", "state", "step"]),
      query.selectFrom("reservations").select("key"),
    ],
  );
  const find = (id: string | undefined) => runs.find((run) => run.id === id);
  expect(find(runId), "the run ends in the right state with the right output").toMatchObject(workflow.ending);
  if (forkId !== undefined)
    expect(find(forkId), "the run made from it too").toMatchObject(workflow.endingOfFork ?? {});
  const isRight = [runId, forkId].every((id) => id === undefined || find(id)?.status === "succeeded");
  for (const run of runs) {
    expect(run, "every run that it started has ended").toMatchObject({
      finished_at: expect.any(Date) as Date,
      lease_by: null,
    });
    if (run.parent_id !== null && isRight) expect(run.status).toBe("succeeded");
    const own = logs.filter((log) => log.session_id === run.id && log.status === "succeeded");
    expect(repeated(own), "no task is committed twice").toEqual([]);
    const points = checkpoints.filter((point) => point.thread_id === run.id);
    expect(points.length, "one checkpoint to begin with, and one for each committed superstep").toBe(
      1 + run.step - (run.forked_step ?? 0),
    );
    expect(
      new Set(points.map((point) => point.parent_checkpoint_id)).size,
      "no checkpoint has two children",
    ).toBe(points.length);
    const paid = logs.filter((log) => log.session_id === run.id && !log.reused);
    const answers = journal.filter(
      ({ run_id, line, result }) => run_id === run.id && line !== null && answerIn(result) !== undefined,
    );
    expect(
      answers.filter(
        ({ key }) => !paid.some((log) => log.input_tokens > 0 && key === `${log.task_id}:model`),
      ),
      "every answer on record is booked",
    ).toEqual([]);
    expect(run.usage.inputTokens, "usage is the sum of the log").toBe(
      paid.reduce((sum, log) => sum + log.input_tokens, 0),
    );
    const below = runs
      .filter((other) => other.parent_id === run.id)
      .flatMap(({ usage }) => [usage.inputTokens, usage.children?.inputTokens ?? 0]);
    expect(run.usage.children?.inputTokens ?? 0, "what children have used is handed up").toBe(
      below.reduce((sum, tokens) => sum + tokens, 0),
    );
    expect(familyTokens(run.usage), "the budget is never exceeded").toBeLessThanOrEqual(
      workflow.maxTokens ?? Infinity,
    );
  }
  expect(waits, "nothing waits any more").toEqual([]);
  expect(approvals, "nobody is asked any more").toEqual([]);
  expect(reservations, "nothing is set aside any more").toEqual([]);
  expect(receipts.twice, "no answer on record is paid for again").toEqual([]);
  const kept = journal.map(({ result }) => answerIn(result)).filter((answer) => answer !== undefined);
  expect(
    kept.filter((answer) => !outside.answered.includes(answer)),
    "every answer on record was given",
  ).toEqual([]);
  expect([...outside.ledger.values()].toSorted(), "every write was accepted exactly once").toEqual(
    [...workflow.writes].toSorted(),
  );
  expect(outside.resent, "no write in doubt goes out again by itself").toEqual([]);
  const recorded = new Set(effects.map(({ key }) => key.slice(0, key.lastIndexOf(":"))));
  expect(
    [...outside.ledger.keys()].filter((key) => !recorded.has(key)),
    "every write is on record",
  ).toEqual([]);
  expect(
    effects.filter(({ state }) => state !== "sent" && state !== "assumed"),
    "it is known what became of every write",
  ).toEqual([]);
  const owed = (await sweepRuns(db.system, -1000, 100_000)).filter(
    (run) => run.workspaceId === tenant.workspaceId,
  );
  expect(owed, "no wake-up is owed").toEqual([]);
}
