import * as v from "valibot";
import { parseDuration } from "#/agents/definition/format/duration.ts";
import {
  nameBudget,
  type Overspending,
  type Refusal,
  type Spending,
  UNPRICED_USD,
} from "#/agents/engine/budget.ts";
import type { Wait } from "#/agents/engine/run.ts";
import { sayAmount } from "#/agents/engine/say-amount.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

/** `raise` and `stop` by a person; `again` where the question was taken back, so that the limit has to be looked at anew. */
const Answer = v.looseObject({
  action: v.string(),
  values: v.nullish(v.object({ maxTokens: v.optional(v.number()), maxCostUsd: v.optional(v.number()) })),
});

/**
 * Sets aside what a model call may cost before it is made. At a limit the run asks a person, or fails, as its definition says; where the limit was not
 * raised far enough for all that wait for it, it asks again.
 * @returns whether a limit watches over the call
 * @throws Parking while a person is asked; StepError "budget"
 */
export async function setAside(task: Task, key: string, asked: Spending): Promise<boolean> {
  for (;;) {
    const over = await reserve(task, key, asked);
    if (over === undefined || over === "granted") return over === "granted";
    await passLimit(task, over, asked);
  }
}

/** Asks whether a limit is raised, and raises it. @throws Parking while a person is asked; StepError where nobody is, or the run is to stop */
async function passLimit(task: Task, over: Refusal, asked: Spending): Promise<void> {
  if (isUnpriced(over, asked)) throw unpriced();
  if (over.onLimit === "fail") throw new StepError("budget", describeOverspending(over, asked));
  const { action, values } = v.parse(Answer, task.wait(buildQuestion(task, over, asked)));
  if (action === "stop")
    throw new StepError("budget", describeOverspending(over, asked), { endsAs: "cancelled" });
  // Where it was decided it is raised as well; this process may have read the limit before.
  if (action === "raise" && isOfRun(over)) await task.budget.raise(over, values ?? {});
}

const isOfRun = ({ scope }: Overspending): boolean => scope === "run" || scope === "ancestor";

/** Makes the failure of a call whose price nobody knows, under a limit in dollars: it would count as nothing. */
export const unpriced = (): StepError => new StepError("model-unpriced", UNPRICED);

const UNPRICED =
  "The price of this model is not known, so the limit in dollars (maxCostUsd) cannot be kept. Set its price under Connections, Prices, or limit tokens (maxTokens) instead.";

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

const TITLES: Readonly<Record<Overspending["scope"], (most: string) => string>> = {
  run: (most) => `Budget reached: ${most}. Go on?`,
  ancestor: (most) => `Budget of the whole run reached: ${most}. Go on?`,
  workspace: (most) => `This month’s budget of the workspace is reached: ${most}. Go on?`,
  workflow: (most) => `This month’s budget of the workflow is reached: ${most}. Go on?`,
};

const chooseNext = ({ limit }: Overspending, { tokens, costUsd }: Spending) =>
  limit === "maxTokens" ? tokens : costUsd;

function describeOverspending(over: Overspending, asked: Spending): string {
  const { scope, limit, most, used } = over;
  return `${WHOSE[scope]} may use ${sayAmount(limit, most)} (${limit}). ${sayAmount(limit, used)} are used or set aside, and the next model call may use ${sayAmount(limit, chooseNext(over, asked))}. Raise the limit, or make the call smaller (maxOutputTokens).`;
}

const FOR_ALL = " All runs that wait for it get the same answer. Only an admin may raise it.";

const GOES_ON = "With a higher one it goes on where it is.";
/** The question in the words of whoever answers, to whom the fields of a definition say nothing. */
const QUESTIONS: Readonly<Record<Overspending["scope"], string>> = {
  run: `The next model call could take this run, with all that it has started, over its limit. ${GOES_ON}`,
  ancestor: `The next model call could take the run that this one belongs to, with all that it has started, over its limit. ${GOES_ON}`,
  workspace: `The next model call could take the workspace over its limit of this month. ${GOES_ON}`,
  workflow: `The next model call could take the workflow over its limit of this month. ${GOES_ON}`,
};

function buildQuestion(task: Task, over: Refusal, asked: Spending): Omit<Wait, "id"> {
  const { limit, scope } = over;
  const { approval, ...wait } = buildTimeout(over);
  return {
    ...wait,
    kind: "approval",
    step: task.step,
    approval: {
      subject: "budget",
      subjectId: nameAsked(task, over),
      title: TITLES[scope](sayAmount(limit, over.most)),
      description: `${QUESTIONS[scope]}${isOfRun(over) ? "" : FOR_ALL}`,
      shown: {
        limit: sayAmount(limit, over.most),
        "used so far": sayAmount(limit, over.used),
        "next call may use": sayAmount(limit, chooseNext(over, asked)),
        ...(over.runId && { run: over.runId }),
      },
      actions: ["raise", "stop"],
      form: {
        type: "object",
        properties: { [limit]: buildField(over, chooseNext(over, asked)) },
        required: [limit],
      },
      ...approval,
    },
  };
}

/** What nobody answers in time stops the run whose limit it is. Where that is another one than the one that asks, ending this one would not be enough. */
function buildTimeout({ scope, askTimeout }: Refusal): Pick<Wait, "dueInMs" | "dueValue"> & {
  readonly approval?: { readonly dueInMs: number };
} {
  if (askTimeout === undefined) return {};
  const dueInMs = parseDuration(askTimeout);
  return scope === "run"
    ? { dueInMs, dueValue: { action: "stop", timedOut: true } }
    : { approval: { dueInMs } };
}

/** The budget of one run, one month or one workflow: all calls that it holds up are one question. */
function nameAsked({ run }: Task, { scope, runId, limit }: Refusal): string {
  if (scope === "workspace") return nameBudget({ of: "workspace", id: undefined, limit });
  if (scope === "workflow") return nameBudget({ of: "workflow", id: run.workflowId ?? run.id, limit });
  return nameBudget({ of: "run", id: runId ?? run.id, limit });
}

const HIGHEST: Readonly<Record<Overspending["limit"], number>> = {
  maxTokens: 1_000_000_000_000,
  maxCostUsd: 1_000_000_000,
};

/** The new limit: at least what lets the next call be made. Twice as much as before is offered. */
function buildField({ limit, most, used }: Refusal, next: number) {
  const [least, offered] = [used + next, Math.max(2 * most, used) + next];
  return limit === "maxTokens"
    ? {
        type: "integer",
        title: "New limit, in tokens",
        minimum: Math.ceil(least),
        maximum: HIGHEST[limit],
        default: Math.ceil(offered),
      }
    : {
        type: "number",
        title: "New limit, in US dollars",
        minimum: roundUp(least, 1e6),
        maximum: HIGHEST[limit],
        default: roundUp(offered, 1e2),
      };
}

const roundUp = (value: number, parts: number) => Math.ceil(value * parts) / parts;
