import * as v from "valibot";
import { readCandidate, finished, spentOn, written } from "#/agents/steps/agent/answer.ts";
import { listChecks, holdAgainst, isJudged, readProgress } from "#/agents/steps/agent/checks.ts";
import type { Verdict } from "#/agents/steps/agent/guardrail-code.ts";
import { type Entry, parseEntries } from "#/agents/steps/agent/entries.ts";
import type { AgentStep } from "#/agents/steps/agent/speaker.ts";
import { conversationChannel, type NodeResult, type StepNode } from "#/agents/steps/node.ts";
import { resolvePolicies } from "#/agents/steps/policies.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { toLabel } from "#/lib/label.ts";

/** Makes a node that looks at an agent's answer: `null` for what was said in it, also when it fails. */
function reviewNode(id: string, step: AgentStep): Omit<StepNode, "kind" | "run"> {
  const policies = resolvePolicies(id, step);
  return {
    ...policies,
    onFailure: (error, channels) => {
      const update = policies.onFailure(error, channels);
      return update && { ...update, [conversationChannel(id)]: null };
    },
  };
}

/** Holds the answer against one check. A check is a task of its own: a judge is asked once for an answer. */
export function checkNode(id: string, step: AgentStep): StepNode {
  const checks = listChecks(step);
  return {
    ...reviewNode(id, step),
    kind: isJudged(checks) ? "model" : "step",
    keyOf: () => `${id}.check`,
    run: async (task, channels) => {
      const entries = parseEntries(channels[conversationChannel(id)]);
      const { passed } = readProgress(entries);
      const check = checks[passed];
      if (!check) throw new Error(`The answer of ${id} has passed all its checks.`);
      const value = readCandidate(step, entries);
      const place = { id, step, entries, value };
      const verdict = await holdAgainst(task, check, place);
      const result =
        verdict.complaint === undefined
          ? passes(place, verdict)
          : sentBack(place, check.by, { complaint: verdict.complaint, use: verdict.use });
      return { ...result, input: { check: check.by, round: countRounds(entries) }, use: verdict.use };
    },
  };
}

const countRounds = (entries: readonly Entry[]): number => {
  const { guardrail, judge, person } = readProgress(entries).rejected;
  return guardrail + judge + person + 1;
};

interface Reviewed {
  readonly id: string;
  readonly step: AgentStep;
  readonly entries: readonly Entry[];
  readonly value: unknown;
}

function passes(
  { id, step, entries, value }: Reviewed,
  { revised, use }: Pick<Verdict, "revised" | "use">,
): NodeResult {
  const passed = readProgress(entries).passed + 1;
  const answer = revised ? revised.value : value;
  const isDone = passed === listChecks(step).length && !step.humanInput;
  const update = isDone
    ? finished(id, step, answer)
    : written(id, [...spentOn(step, use), ...(revised ? [{ revised: revised.value }] : []), { passed }]);
  return { value: isDone ? answer : { passed: true }, update };
}

interface Complaint {
  readonly complaint: string;
  readonly use: Verdict["use"];
}

/** @throws StepError when a guardrail has sent the answer back as often as it may */
function sentBack(place: Reviewed, by: "guardrail" | "judge", { complaint, use }: Complaint): NodeResult {
  const { id, step } = place;
  const spent = spentOn(step, use);
  const { rejected, spentUsd } = readProgress([...place.entries, ...spent]);
  // Where the definition says what becomes of it at its limits, its next turn looks at them.
  if (by === "judge" && step.onLimit === undefined && isEnough(step, rejected.judge + 1, spentUsd))
    return passes(place, { revised: undefined, use });
  const retries = step.guardrailRetries ?? 3;
  if (by === "guardrail" && rejected.guardrail >= retries)
    throw new StepError(
      "guardrail",
      `The answer did not pass its guardrail in ${retries + 1} tries. The last complaint: ${complaint}`,
    );
  const text =
    by === "guardrail"
      ? rejectedText(complaint)
      : `Your work is not done yet: ${complaint}\n\nGo on, and give your complete final answer again.`;
  const feedback: Entry = { feedback: { by, text, complaint } };
  return { value: { passed: false, feedback: complaint }, update: written(id, [...spent, feedback]) };
}

/** Tells whether an agent that works until a judge is content has had its rounds, or its money. */
function isEnough({ until }: AgentStep, round: number, spentUsd: number): boolean {
  if (!until) return true;
  return round >= until.rounds || (until.maxCostUsd !== undefined && spentUsd >= until.maxCostUsd);
}

const rejectedText = (complaint: string) =>
  `Your answer did not pass a check: ${complaint}\n\nFix that, and give your complete final answer again.`;

const Decision = v.object({ action: v.string(), comment: v.nullish(v.string(), "") });

/** Shows the answer to a person, who takes it or says what has to be better. */
export function humanNode(id: string, step: AgentStep): StepNode {
  return {
    ...reviewNode(id, step),
    kind: "approval",
    keyOf: () => `${id}.human`,
    run: async (task, channels) => {
      const entries = parseEntries(channels[conversationChannel(id)]);
      const value = readCandidate(step, entries);
      const approval = {
        title: `Review: ${step.title ?? toLabel(id)}`,
        description:
          "Approve the answer, or ask for a revision and say in the comment what has to be better.",
        shown: value,
        actions: ["approve", "revise"],
      };
      const { action, comment } = v.parse(
        Decision,
        task.wait({ kind: "approval", step: task.step, approval }),
      );
      if (action !== "revise") return { value, input: approval, update: finished(id, step, value) };
      const text = `You got feedback from a person on your work: ${comment || "It has to be better."}\n\nTake it in, and give your complete final answer again.`;
      return {
        value: { revise: comment },
        input: approval,
        update: written(id, [{ feedback: { by: "person", text } }]),
      };
    },
  };
}
