import "server-only";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Priority } from "#/agents/vocabulary/run.ts";
import type { RunError } from "#/agents/engine/run.ts";
import type { Tenant } from "#/db/client.ts";
import { insertRefusedRun } from "#/db/refused-runs.ts";
import { versionToRun } from "#/db/run-lifecycle.ts";
import { WORKFLOW_KINDS } from "#/agents/vocabulary/workflow.ts";
import { traceEnd } from "#/operations/execution/trace-end.ts";
import { newId } from "#/lib/id.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/** A start that a trigger asked for while nobody was looking. */
interface UnattendedStart {
  readonly workflowId: string;
  readonly input: unknown;
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string;
  readonly priority?: Priority | undefined;
}

/** Why it could not be. */
type StartRefusal =
  | { readonly reason: "not-found" }
  | { readonly reason: "not-published" }
  | { readonly reason: "invalid-input"; readonly problems: readonly Problem[] };

/** Keeps a refused start as a failed run, where whoever set the trigger up looks. Its key is its own: the same start can still succeed later. @returns the run's id */
export async function keepRefusedStart(
  tenant: Tenant,
  start: UnattendedStart,
  refusal: StartRefusal,
): Promise<string> {
  const found = await versionToRun(tenant, start.workflowId, undefined);
  const kind = typeof found === "string" ? undefined : WORKFLOW_KINDS.find((it) => it === found.kind);
  const runId = await insertRefusedRun(tenant, {
    id: newId(),
    workflowId: start.workflowId,
    version:
      typeof found === "string" || kind === undefined
        ? undefined
        : { versionId: found.versionId, version: found.version, kind },
    input: isJsonObject(start.input) ? start.input : {},
    trigger: start.trigger,
    priority: start.priority,
    idempotencyKey: `refused-${start.idempotencyKey}`,
    error: toRunError(refusal),
  });
  traceEnd(tenant, runId);
  return runId;
}

function toRunError(refusal: StartRefusal): RunError {
  switch (refusal.reason) {
    case "not-published":
      return {
        code: "not-published",
        message: "This workflow has no published version. Publish one; the next run starts with it.",
      };
    case "not-found":
      return {
        code: "workflow-not-found",
        message: "This workflow is archived or gone, so nothing was started.",
      };
    case "invalid-input": {
      const problems = refusal.problems
        .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
        .join("; ");
      return {
        code: "invalid-input",
        message: `The run was not started: its input does not fit what the workflow takes. ${problems}`,
      };
    }
  }
}
