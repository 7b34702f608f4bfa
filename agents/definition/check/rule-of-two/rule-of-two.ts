import type { Origin, Surroundings } from "#/agents/definition/check/rule-of-two/exposure.ts";
import { drawFlow, START } from "#/agents/definition/check/rule-of-two/flow.ts";
import { findMeetings, type Meeting } from "#/agents/definition/check/rule-of-two/meetings.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { type Outline, outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { TooMuchWork, withinWork } from "#/agents/definition/work.ts";
import { CAPABILITIES, type Capability, INWARD } from "#/agents/vocabulary/capability.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** The code of its problems: an admin may publish in spite of them. */
const RULE_OF_TWO = "rule-of-two";

/** Branches that run side by side are compared pair by pair: as many as 500 steps and 2,000 edges can make. */
const WORK = 8_000_000;

/**
 * Lists the steps at which a run may act on the outside while it knows private data and content from outside, and nobody has let it through
 * since it has read of either.
 */
export function ruleOfTwoProblems(definition: Definition, around: Surroundings): readonly Problem[] {
  const meetings = withinRuleWork(() => findMeetings(drawFlow(definition, around)));
  if (meetings === undefined) return [{ code: RULE_OF_TWO, path: "", message: UNDECIDED, steps: [] }];
  if (meetings.length === 0) return [];
  const paths = new Map(listPaths(outlineDefinition(definition), ""));
  return meetings.map((meeting) => describeMeeting(meeting, paths));
}

/** Does the work of the rule. @returns undefined where it is too much */
export function withinRuleWork<T>(act: () => T): T | undefined {
  try {
    return withinWork(WORK, act);
  } catch (error) {
    if (error instanceof TooMuchWork) return undefined;
    throw error;
  }
}

const UNDECIDED =
  "There are too many branches side by side to tell whether private data, content from outside and an action on the outside can meet. Put an approval before what acts on the outside, and fewer edges between the steps.";

function describeMeeting(meeting: Meeting, paths: ReadonlyMap<string, string>): Problem {
  const { action, steps } = meeting;
  const isOwn = action.tool !== undefined && meeting.steps.length === 1;
  const remedy = isOwn
    ? `Set toolPolicy to { ${action.tool}: approve }, or take one of the three away.`
    : "Put an approval before it, or take one of the three away.";
  return {
    code: RULE_OF_TWO,
    path: paths.get(action.step) ?? "",
    message: `${nameOrigin(action, true)} acts on the outside, and nobody is asked before it: by then the run may know private data from ${nameOrigin(meeting.private)} and content that anybody may have written from ${nameOrigin(meeting.untrusted)}. ${remedy}`,
    steps,
  };
}

function nameOrigin({ step, tool }: Origin, isFirst = false): string {
  if (step === START) return "its input";
  if (tool === undefined) return `“${step}”`;
  return `${isFirst ? "The" : "the"} tool ${tool} of “${step}”`;
}

const listPaths = ({ nodes }: Outline, prefix: string): readonly (readonly [string, string])[] =>
  nodes.flatMap(({ id, path, body }) => [
    [prefix + id, path] as const,
    ...(body ? listPaths(body, `${prefix}${id}/`) : []),
  ]);

/**
 * Lists what a workflow lets into a run that calls it, and whether it acts on the outside without asking, whatever it is given.
 */
export function summarizeCapabilities(definition: Definition, around: Surroundings): readonly Capability[] {
  const flow = drawFlow(definition, { ...around, input: INWARD });
  const inside = flow.filter(({ key }) => key !== START);
  const lets = INWARD.filter((inward) =>
    inside.some(({ exposure: { reads, answers } }) => reads[inward] ?? answers[inward]),
  );
  // What is too much work to tell may act.
  const acts = withinRuleWork(() => findMeetings(flow).length > 0) ?? true;
  return acts ? [...lets, "outward"] : lets;
}

/** The keyword by which the schema of an input, or of a part of it, says what kind of data it is. */
const MARK = "x-data";

/** Lists the marks of an input's schema. */
export function listInputMarks(schema: JsonObject | undefined): readonly Capability[] {
  const found = new Set<unknown>();
  const open: unknown[] = [schema];
  for (const part of open) {
    if (isJsonObject(part)) found.add(part[MARK]);
    if (typeof part === "object" && part !== null) open.push(...Object.values(part));
  }
  return CAPABILITIES.filter((capability) => found.has(capability));
}

/** Lists the workflows that a definition's steps run, with the versions that they name. */
export const listRunWorkflows = (definition: Definition) =>
  placedSteps(definition).flatMap(({ step }) => (step.type === "workflow" ? [step] : []));
