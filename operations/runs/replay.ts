import { readRunTimeout } from "#/agents/definition/format/duration.ts";
import { readOrigin } from "#/db/forks.ts";
import { versionToRun } from "#/db/run-lifecycle.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { replayRunContract } from "#/operations/runs/contract.ts";
import { checkForkInput, type ForkedFrom, refuseProblems, storeFork } from "#/operations/runs/forked.ts";
import type { StartedRun } from "#/operations/runs/started.ts";

type Replay = Input<typeof replayRunContract> & ForkedFrom;

/**
 * Starts a run that does the whole of another anew, with its input and version or with others. Refuses with `not-found`, `not-published`,
 * `invalid-input`, or `wrong-status` for a child run.
 */
export async function replayRun(caller: Caller, replay: Replay): Promise<StartedRun | Refusal> {
  const origin = await readOrigin(caller.tenant, replay.id);
  if (!origin) return notFound("run");
  const published =
    replay.version === "same" ? undefined : await versionToRun(caller.tenant, origin.workflowId, undefined);
  if (typeof published === "string")
    return refuse("not-published", "The workflow has no published version any more.");
  const definition = published?.definition ?? origin.definition;
  const input = checkForkInput(definition, replay.input ?? origin.input);
  if (!input.ok) return refuseProblems("invalid-input", input.problems);
  const version = published && {
    versionId: published.versionId,
    version: published.version,
    agentType: published.kind,
    isTry: false,
  };
  return storeFork(caller, replay, {
    superstep: null,
    fresh: true,
    state: {},
    reuses: replay.reuse,
    input: replay.input && input.input,
    timeoutMs: readRunTimeout(definition),
    ...version,
  });
}
