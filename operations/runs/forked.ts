import "server-only";
import { type CheckedInput, checkInput } from "#/agents/definition/schema/input.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { insertFork, type NewFork } from "#/db/forks.ts";
import { notFound, type ProblemCode, type Refusal, refuse } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import type { Caller } from "#/operations/caller.ts";
import { wake } from "#/operations/execution/wake.ts";
import { nameTrigger } from "#/operations/runs/caller-trigger.ts";
import { runUrl, type StartedRun } from "#/operations/runs/started.ts";

/** The run to make a run from. The same idempotency key again makes no other. */
export interface ForkedFrom {
  readonly id: string;
  readonly idempotencyKey: string | undefined;
}

type Fork = Omit<NewFork, "id" | "origin" | "trigger" | "idempotencyKey">;

/** Stores a run that is made from a run, and asks for its first step. What was paid for is not paid for again. */
export async function storeFork(
  { tenant, principal }: Caller,
  { id: origin, idempotencyKey }: ForkedFrom,
  fork: Fork,
): Promise<StartedRun | Refusal> {
  const forked = await insertFork(tenant, {
    id: newId(),
    origin,
    trigger: { ...nameTrigger(principal), forkedFrom: origin },
    idempotencyKey: idempotencyKey === undefined ? undefined : `fork-${origin}-${idempotencyKey}`,
    ...fork,
  });
  if (!("runId" in forked)) return toRefusal(forked);
  await wake([{ workspaceId: tenant.workspaceId, ...forked }]);
  return { id: forked.runId, status: "queued", url: runUrl(forked.runId) };
}

type Unforked = Exclude<Awaited<ReturnType<typeof insertFork>>, { readonly runId: string }>;

function toRefusal(unforked: Unforked): Refusal {
  switch (unforked.refused) {
    case "child":
      return refuse(
        "wrong-status",
        `This run is a part of run ${unforked.parentId}: continue from that one.`,
      );
    case "incomplete":
      return noSuchStep(
        "The state at this checkpoint is incomplete, so no run can continue from it. Fork from an earlier step, or replay the run.",
      );
    case "not-found":
      return notFound("run");
    case "no-checkpoint":
      return noSuchStep("The checkpoint before this step is not kept any more.");
  }
}

export const noSuchStep = (detail: string) => refuse("invalid-request", detail);

/** Refuses what does not fit, place by place. */
export const refuseProblems = (code: ProblemCode, errors: readonly Problem[]) =>
  refuse(code, "Fix what is listed under “errors” and try again.", { errors });

/** Checks that an input fits what runs, also when it is the earlier run's: that may have been refused, or the version may be another. */
export function checkForkInput({ input: schema }: JsonObject, given: JsonObject): CheckedInput {
  return checkInput(isJsonObject(schema) ? schema : undefined, given);
}
