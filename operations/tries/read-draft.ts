import type { Definition } from "#/agents/definition/format/definition.ts";
import { isolateStep, listStateKeys } from "#/agents/definition/plan/one-step.ts";
import { isPinnable, pinSteps } from "#/agents/definition/plan/pinned-steps.ts";
import type { PaceLimits } from "#/agents/engine/limits.ts";
import type { Tenant } from "#/db/client.ts";
import { runnableDefinition } from "#/db/runnable-workflow.ts";
import { readWorkflowPace } from "#/db/tries.ts";
import { getWorkflow } from "#/db/workflows.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import { refuseProblems } from "#/operations/runs/forked.ts";
import type { startTryContract } from "#/operations/tries/contract.ts";
import { compileDraft } from "#/operations/workflows/compile-draft.ts";
import { listNewMeetings, refuseMeetings } from "#/operations/workflows/rule-of-two.ts";
import { draftChanged, invalidDefinition, noSuchWorkflow } from "#/operations/workflows/refusals.ts";

/** What a try runs, and by which limits it starts. */
export interface ReadDraft {
  readonly definition: Definition;
  /** The draft's text, also where one step of it is run alone. */
  readonly source: string;
  readonly limits: PaceLimits;
}

type Request = Input<typeof startTryContract>;

/** Reads the draft that a try is of: all of it, without the steps that are pinned, or one step alone. */
export async function readTriedDraft(
  tenant: Tenant,
  { id, revision, only, pinned }: Request,
): Promise<ReadDraft | Refusal> {
  const [workflow, limits] = await Promise.all([getWorkflow(tenant, id), readWorkflowPace(tenant, id)]);
  if (!workflow || !limits) return noSuchWorkflow;
  if (revision !== undefined && revision !== workflow.revision) return draftChanged;
  const compiled = await compileDraft(tenant, workflow);
  if (!compiled.ok) return invalidDefinition("try", compiled.problems);
  const definition = narrow(compiled.definition, { only, pinned });
  if ("refused" in definition) return definition;
  const before = await runnableDefinition(tenant, id, undefined);
  const meetings = await listNewMeetings(tenant, definition, { workflowId: id, before });
  if (meetings.length > 0) return refuseMeetings(meetings);
  return { definition, source: workflow.draftText, limits };
}

/** What of a definition is run. */
function narrow(definition: Definition, { only, pinned }: Pick<Request, "only" | "pinned">) {
  const isPinned = Object.keys(pinned).length > 0;
  if (only && isPinned)
    return refuse("invalid-request", "A step that runs alone meets no other: leave out “pinned”.");
  if (only) return isolate(definition, only);
  return isPinned ? pin(definition, pinned) : definition;
}

function pin(definition: Definition, pinned: JsonObject): Definition | Refusal {
  if (definition.kind !== "graph")
    return refuse("invalid-request", "Only a graph has steps whose outputs can be pinned.");
  const known = Object.keys(definition.steps);
  const problems = Object.entries(pinned).flatMap(([step, value]) => {
    if (!known.includes(step))
      return [[step, `The draft has no step “${step}”. It has: ${known.join(", ")}.`]];
    return isPinnable(value) ? [] : [[step, "It is too large to be pinned: 100,000 characters at most."]];
  });
  if (problems.length === 0) return pinSteps(definition, pinned);
  return refuseProblems(
    "invalid-request",
    problems.map(([step, message]) => ({ path: `/pinned/${step}`, message: String(message) })),
  );
}

type Only = NonNullable<Request["only"]>;

function isolate(definition: Definition, { step, state }: Only): Definition | Refusal {
  if (definition.kind !== "graph")
    return refuse("invalid-request", "Only a graph has steps that can be run alone. Try the whole draft.");
  const known = listStateKeys(definition);
  const unknown = Object.keys(state).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    return refuseProblems(
      "invalid-request",
      unknown.map((key) => ({
        path: `/only/state/${key}`,
        message: `There is no state key “${key}”. Known: ${known.join(", ")}.`,
      })),
    );
  return isolateStep(definition, step, state) ?? noStep(step, Object.keys(definition.steps));
}

const noStep = (step: string, known: readonly string[]) =>
  refuseProblems("invalid-request", [
    { path: "/only/step", message: `The draft has no step “${step}”. It has: ${known.join(", ")}.` },
  ]);
