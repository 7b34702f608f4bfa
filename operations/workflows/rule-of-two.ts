import * as v from "valibot";
import type { Surroundings } from "#/agents/definition/check/rule-of-two/exposure.ts";
import { surround } from "#/agents/definition/check/rule-of-two/reached.ts";
import { listInputMarks, ruleOfTwoProblems } from "#/agents/definition/check/rule-of-two/rule-of-two.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Capability } from "#/agents/vocabulary/capability.ts";
import type { AuditEntry } from "#/db/audit.ts";
import type { Tenant } from "#/db/client.ts";
import { runnableDefinition } from "#/db/runnable-workflow.ts";
import { listWebhooks } from "#/db/webhooks.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import { mayStill } from "#/operations/access/people.ts";
import { type Caller, findActor } from "#/operations/caller.ts";
import { readReached } from "#/operations/workflows/read-reached.ts";

/**
 * Lists where private data, content from outside and an action on the outside meet without a person in a definition: by what its tools and the
 * workflows that it runs can do now. @param workflowId the workflow whose it is, where it is one's: webhooks of that bring content from outside
 */
export async function checkRuleOfTwo(
  tenant: Tenant,
  definition: Definition,
  workflowId?: string,
): Promise<readonly Problem[]> {
  const hears = workflowId !== undefined && (await hasWebhook(tenant, workflowId));
  const surroundings = await readSurroundings(tenant, definition);
  const input = [...listInputMarks(definition.input), ...(hears ? (["untrusted"] as const) : [])];
  return ruleOfTwoProblems(definition, { ...surroundings, input });
}

interface Before {
  readonly workflowId: string;
  /** What may run already; undefined where there is nothing. */
  readonly before: JsonObject | undefined;
}

/** Lists what meets in a definition and not in one that may run already: what an admin has let through there stands. */
export async function listNewMeetings(
  tenant: Tenant,
  definition: Definition,
  { workflowId, before }: Before,
): Promise<readonly Problem[]> {
  const found = await checkRuleOfTwo(tenant, definition, workflowId);
  if (found.length === 0 || before === undefined) return found;
  const through = await checkRuleOfTwo(tenant, v.parse(Definition, before), workflowId);
  const known = new Set(through.map(({ path }) => path));
  return found.filter(({ path }) => !known.has(path));
}

async function hasWebhook(tenant: Tenant, workflow: string): Promise<boolean> {
  return (await listWebhooks(tenant, { limit: 1, workflow })).items.length > 0;
}

/**
 * Lists the meetings that the first webhook of a workflow would make of its published version: what comes by it is content from outside, which publishing
 * could not know.
 */
export async function listWebhookMeetings(tenant: Tenant, workflowId: string): Promise<readonly Problem[]> {
  if (await hasWebhook(tenant, workflowId)) return [];
  const read = v.safeParse(Definition, await runnableDefinition(tenant, workflowId, undefined));
  if (!read.success) return [];
  const definition = read.output;
  const surroundings = await readSurroundings(tenant, definition);
  const marks = listInputMarks(definition.input);
  const check = (input: readonly Capability[]) => ruleOfTwoProblems(definition, { ...surroundings, input });
  const known = new Set(check(marks).map(({ path }) => path));
  return check([...marks, "untrusted"]).filter(({ path }) => !known.has(path));
}

/** Reads the world around a definition. */
async function readSurroundings(
  tenant: Tenant,
  definition: Definition,
): Promise<Omit<Surroundings, "input">> {
  const { reached, workflows } = await readReached(tenant, definition);
  return surround(reached, workflows);
}

/** Refuses to run what meets without a person. */
export const refuseMeetings = (meetings: readonly Problem[]): Refusal =>
  refuse("rule-of-two", NEEDS_APPROVAL, { errors: meetings });

interface Overriding {
  readonly meetings: readonly Problem[];
  readonly reason: string | undefined;
}

/** Lets an admin publish in spite of the rule. @returns the line for the audit log; refuses with `rule-of-two` without a reason, and with `forbidden` */
export async function overrideRuleOfTwo(
  caller: Caller,
  workflowId: string,
  { meetings, reason }: Overriding,
): Promise<AuditEntry | Refusal> {
  if (reason === undefined) return refuseMeetings(meetings);
  if (!(await mayStill(caller.principal, "settings:write")))
    return refuse("forbidden", "Only an admin of the workspace can publish in spite of the rule of two.");
  return {
    actor: { ...(await findActor(caller)) },
    action: "workflow.rule-of-two-overridden",
    targetId: workflowId,
    detail: { reason, paths: meetings.map(({ path, steps = [] }) => ({ path, steps })) },
  };
}

const NEEDS_APPROVAL =
  "Private data, content from outside and an action on the outside meet without a person. Put an approval between them, or let an admin publish with a reason.";
