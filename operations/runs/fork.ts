import * as v from "valibot";
import { readRunTimeout } from "#/agents/definition/format/duration.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import { type Plan, type PlanStep, listPlanStateKeys } from "#/agents/definition/plan/plan.ts";
import { toPlan } from "#/agents/definition/plan/planner.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { pinTools } from "#/agents/tools/pin-tools.ts";
import { typeOf } from "#/agents/steps/table.ts";
import { forkPoint, type Span } from "#/agents/engine/fork-point.ts";
import type { Tenant } from "#/db/client.ts";
import { type NewFork, type Origin, readOrigin } from "#/db/forks.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import type { Caller } from "#/operations/caller.ts";
import type { forkRunContract } from "#/operations/runs/contract.ts";
import { type ForkedFrom, noSuchStep, refuseProblems, storeFork } from "#/operations/runs/forked.ts";
import type { StartedRun } from "#/operations/runs/started.ts";
import { openTools } from "#/operations/tools/source.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { listNewMeetings } from "#/operations/workflows/rule-of-two.ts";
import { checkDraft, readDraft } from "#/operations/workflows/draft.ts";

type Fork = Input<typeof forkRunContract> & ForkedFrom;

/** Another definition, checked, with the text that it was written as. */
interface Edited {
  readonly definition: Definition;
  readonly text: string;
}

/**
 * Starts a run that continues from where a step of another began, with another state or another definition if asked. Refuses with `not-found`,
 * `invalid-definition`, `wrong-status` for a child run, or `invalid-request` when the step or a state key is not there.
 */
export async function forkRun(caller: Caller, fork: Fork): Promise<StartedRun | Refusal> {
  const origin = await readOrigin(caller.tenant, fork.id);
  if (!origin) return notFound("run");
  const edited = await checkEdited(caller.tenant, origin, fork.definition);
  if (edited && "refused" in edited) return edited;
  const plan = toPlan(edited?.definition ?? v.parse(Definition, origin.definition));
  const superstep = findPlace(plan, origin, fork);
  if (typeof superstep !== "number") return superstep;
  const problems = stateProblems(plan, fork.state);
  if (problems.length > 0) return refuseProblems("invalid-request", problems);
  return storeFork(caller, fork, {
    superstep,
    fresh: false,
    state: channelValues(fork.state),
    reuses: fork.reuse,
    timeoutMs: readRunTimeout(edited?.definition ?? origin.definition),
    ...(await nameEdited(caller.tenant, origin, edited)),
  });
}

function readEdited(definition: Fork["definition"], catalogue: Catalogue): Edited | Refusal | undefined {
  if (definition === undefined) return undefined;
  const { text } = readDraft(definition, catalogue);
  const checked = checkDraft(text, catalogue);
  return checked.ok
    ? { definition: checked.definition, text }
    : refuseProblems("invalid-definition", checked.problems);
}

/** An edited definition may let no more meet than the one that was published: what an admin has let through there stands. */
async function checkEdited(
  tenant: Tenant,
  { definition, workflowId }: Origin,
  given: Fork["definition"],
): Promise<Edited | Refusal | undefined> {
  const edited = readEdited(given, await readCatalogue(tenant));
  if (!edited || "refused" in edited) return edited;
  const fresh = await listNewMeetings(tenant, edited.definition, { workflowId, before: definition });
  return fresh.length > 0 ? refuseProblems("invalid-definition", fresh) : edited;
}

/** Finds the superstep to continue from, or says why there is none. */
export function findPlace(
  { steps }: Plan,
  { log }: Pick<Origin, "log">,
  { step, occurrence }: Pick<Fork, "step" | "occurrence">,
): number | Refusal {
  if (!(step in steps))
    return noSuchStep(`The definition has no step “${step}”. It has: ${Object.keys(steps).join(", ")}.`);
  const superstep = forkPoint(log, step, { span: spanOf(steps[step]), occurrence });
  const times = occurrence === undefined ? "" : ` ${occurrence} times`;
  return (
    superstep ??
    noSuchStep(`Step “${step}” has not run${times} in this run, so a new run cannot continue from there.`)
  );
}

const spanOf = (step: PlanStep | undefined): Span => (step && typeOf(step).policy.span) ?? "one";

/** Names the channels that get another value, with their values as JSON text. */
function channelValues(state: JsonObject = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [`state.${key}`, JSON.stringify(value)]),
  );
}

function stateProblems(plan: Plan, state: JsonObject = {}): readonly Problem[] {
  const keys = listPlanStateKeys(plan);
  const unknown = Object.keys(state).filter((key) => !keys.includes(key));
  return unknown.map((key) => ({
    path: `/state/${key}`,
    message: `There is no state key “${key}”. Known: ${keys.join(", ")}.`,
  }));
}

async function nameEdited(
  tenant: Tenant,
  { workflowId }: Origin,
  edited: Edited | undefined,
): Promise<Pick<NewFork, "versionId" | "version" | "agentType" | "edited">> {
  if (!edited) return {};
  const { definition, text } = edited;
  const { kind } = definition;
  const id = newId();
  const pinned = await pinTools(definition, openTools(tenant));
  return {
    versionId: id,
    version: null,
    agentType: kind,
    edited: { id, workflowId, kind, definition: pinned, source: text },
  };
}
