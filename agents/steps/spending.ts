import * as v from "valibot";
import { type Overspending, type Refusal, type Spending, UNPRICED_USD } from "#/agents/engine/budget.ts";
import type { Wait } from "#/agents/engine/run.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

const Answer = v.looseObject({
  action: v.string(),
  values: v.optional(v.object({ maxTokens: v.optional(v.number()), maxCostUsd: v.optional(v.number()) })),
});

/**
 * Sets aside what a model call may cost before it is made. At a limit the run fails, or asks a person, as its definition says.
 * @returns whether a limit watches over the call
 * @throws Parking while a person is asked; StepError "budget"
 */
export async function setAside(task: Task, key: string, asked: Spending): Promise<boolean> {
  const over = await reserve(task, key, asked);
  if (over === undefined || over === "granted") return over === "granted";
  if (isUnpriced(over, asked)) throw new StepError("model-unpriced", UNPRICED);
  if (over.onLimit === "fail") throw new StepError("budget", describeOverspending(over, asked));
  const answer = v.parse(Answer, task.wait(buildQuestion(task.step, over, asked)));
  if (answer.action !== "raise")
    throw new StepError("budget", describeOverspending(over, asked), { endsAs: "cancelled" });
  await task.budget.raise(over, answer.values ?? {});
  const still = await reserve(task, key, asked);
  if (still !== undefined && still !== "granted")
    throw new StepError("budget", `The raised limit is not enough. ${describeOverspending(still, asked)}`);
  return true;
}

const UNPRICED =
  "The price of this model is not known, so the limit in dollars (maxCostUsd) cannot be kept. Set the price in the settings (Prices), or limit tokens (maxTokens) instead.";

const isUnpriced = ({ limit }: Overspending, { costUsd }: Spending): boolean =>
  limit === "maxCostUsd" && costUsd >= UNPRICED_USD;

/** @throws StepError "run-lost" */
async function reserve(
  { budget }: Task,
  key: string,
  asked: Spending,
): Promise<Refusal | "granted" | undefined> {
  const answer = await budget.reserve(key, asked);
  if (answer === "lost")
    throw new StepError("run-lost", "The run is in other hands: no model is asked for it.");
  return answer;
}

const WHOSE: Readonly<Record<Overspending["scope"], string>> = {
  run: "This run, with all that it has started,",
  ancestor: "The run that this one belongs to, with all that it has started,",
  workspace: "The workspace this month",
  workflow: "The workflow this month",
};

const chooseNext = ({ limit }: Overspending, { tokens, costUsd }: Spending) =>
  limit === "maxTokens" ? tokens : costUsd;

function describeOverspending(over: Overspending, asked: Spending): string {
  const { scope, limit, most, used } = over;
  return `${WHOSE[scope]} may use ${amount(limit, most)} (${limit}). ${amount(limit, used)} are used or set aside, and the next model call may use ${amount(limit, chooseNext(over, asked))}. Raise the limit, or make the call smaller (maxOutputTokens).`;
}

const amount = (limit: Overspending["limit"], value: number) =>
  limit === "maxTokens" ? `${value} tokens` : `$${value.toFixed(4)}`;

function buildQuestion(step: string, over: Refusal, asked: Spending): Omit<Wait, "id"> {
  const suggested = over.limit === "maxTokens" ? over.most * 2 + asked.tokens : over.most * 2 + asked.costUsd;
  return {
    kind: "approval",
    step,
    approval: {
      subject: "budget",
      subjectId: over.limit,
      title:
        over.scope === "ancestor"
          ? "The budget of the run that this one belongs to is used up"
          : "The budget of this run is used up",
      description: describeOverspending(over, asked),
      shown: {
        "may use": amount(over.limit, over.most),
        "used or set aside": amount(over.limit, over.used),
        "next call may use": amount(over.limit, chooseNext(over, asked)),
        ...(over.runId && { run: over.runId }),
      },
      actions: ["raise", "stop"],
      form: {
        type: "object",
        properties: { [over.limit]: { type: "number", title: over.limit, default: suggested } },
      },
    },
  };
}
