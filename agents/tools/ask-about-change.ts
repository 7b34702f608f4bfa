import * as v from "valibot";
import type { WaitRequest } from "#/agents/steps/parking.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { ChangeEnd } from "#/agents/tools/tool-change.ts";

/** A task, as far as a question to an admin needs it. */
interface Asker {
  /** Journals an answer under `key`. */
  readonly once: (key: string, act: () => Promise<unknown>) => Promise<unknown>;
  /** @throws Parking while there is no answer */
  readonly wait: (request: Omit<WaitRequest, "step">) => unknown;
}

interface Decision {
  readonly action: string;
  /** The decider, as the answer says. */
  readonly by: unknown;
}

interface ChangeQuestion {
  readonly tool: string;
  readonly changes: readonly unknown[];
  /** Says what changed, and what each action does. */
  readonly description: string;
  readonly actions: readonly string[];
  readonly decide: (decision: Decision) => Promise<ChangeEnd>;
}

const Said = v.looseObject({ action: v.string(), by: v.optional(v.unknown()) });
const Ends = v.picklist(["done", "not-admin", "changed"]);
const MOST_DECISIONS = 20;

/** Holds a task until an admin has decided on a changed tool. @returns the action; @throws Parking, StepError */
export async function askAboutChange(asker: Asker, question: ChangeQuestion): Promise<string> {
  const { tool, actions, decide } = question;
  for (let turn = 0; turn < MOST_DECISIONS; turn += 1) {
    const { action, by } = v.parse(Said, asker.wait(buildQuestion(question, turn > 0)));
    // An answer to another question of the task: the tool has changed after that one was asked.
    if (!actions.includes(action)) throw changedAgain(tool);
    const end = v.parse(Ends, await asker.once(String(turn), () => decide({ action, by })));
    if (end === "changed") throw changedAgain(tool);
    if (end === "done") return action;
  }
  throw new StepError("tool-changed", `No admin has decided on the tool ${tool}.`);
}

export const changedAgain = (tool: string) =>
  new StepError("tool-changed", `The tool ${tool} has changed again since. Retry the run to see how.`);

function buildQuestion({ tool, changes, description, actions }: ChangeQuestion, again: boolean) {
  const who = again
    ? "Whoever answered before is no admin: an admin has to decide."
    : "An admin has to decide.";
  return {
    kind: "approval" as const,
    approval: {
      subject: "tool_change" as const,
      subjectId: tool,
      title: `${tool} has changed`,
      description: `${description} ${who}`,
      shown: { changes },
      actions,
    },
  };
}
