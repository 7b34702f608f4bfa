import "server-only";
import type { ModelMessage } from "ai";
import { type Overspending, type Spending, UNPRICED_USD } from "#/agents/engine/budget.ts";
import { streamTurn } from "#/agents/models/model-stream.ts";
import { estimateCall, toSpending } from "#/agents/models/model-use.ts";
import type { PricedRequest, Turn } from "#/agents/models/turn.ts";
import { sayAmount } from "#/agents/engine/say-amount.ts";
import { StepError, toStepError } from "#/agents/steps/step-error.ts";
import type { ModelUse } from "#/agents/steps/task.ts";
import type { Tenant } from "#/db/client.ts";
import { beginModelCall, settleModelCall } from "#/db/model-calls.ts";
import { limitMinute } from "#/lib/cloud/limits.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { newId } from "#/lib/id.ts";
import { openModel } from "#/operations/connections/models.ts";
import { priceOfModel } from "#/operations/prices/read.ts";

/** Somebody's drafting, which asks a model once or several times. */
export interface Drafting {
  readonly tenant: Tenant;
  readonly workflowId: string | undefined;
  readonly model: string;
  readonly instructions: string;
  readonly signal: AbortSignal;
}

/** An answer, or why there is none; with what was used for it. */
type Said =
  | { readonly turn: Turn; readonly use: ModelUse }
  | { readonly refusal: Refusal; readonly use: ModelUse | undefined };

/** Of all drafts of a workspace: each call costs money. */
const CALLS_PER_MINUTE = 20;
/** Enough for a hundred operations, and no more than small models can write. */
const LONGEST_ANSWER_TOKENS = 8_000;
/** Far more than that many tokens come to. */
const LONGEST_ANSWER_CHARACTERS = 200_000;
const WIRE = { timeoutMs: 150_000, maxBytes: 8 * 1024 * 1024 };

/** Asks the model once, counted in the month's account of the workspace and of the workflow. */
export async function askDraftingModel(drafting: Drafting, messages: readonly ModelMessage[]): Promise<Said> {
  const { tenant, workflowId, model, instructions } = drafting;
  const paced = await limitMinute("drafts", tenant.workspaceId, CALLS_PER_MINUTE);
  if (!paced.allowed) return { refusal: refusePace(paced.retryAfterS), use: undefined };
  const request: PricedRequest = {
    model,
    instructions,
    messages,
    // Without a schema for it: the AI SDK would read the growing answer as JSON at each piece, and hold back what is none.
    maxOutputTokens: LONGEST_ANSWER_TOKENS,
    fileBytes: new Map(),
    price: await priceOfModel(tenant, model),
  };
  const id = newId();
  const most = estimateCall(request);
  const over = await beginModelCall(tenant, { id, workflowId, model, most });
  if (over) return { refusal: refuseSpending(over, most), use: undefined };
  const answer = await hear(drafting, id, request);
  await settleModelCall(tenant, id, answer.use ? toSpending(answer.use) : NOTHING);
  return answer;
}

const NOTHING: Spending = { tokens: 0, costUsd: 0 };

async function hear(drafting: Drafting, id: string, request: PricedRequest): Promise<Said> {
  const { tenant, model } = drafting;
  let heard = 0;
  const tooMuch = new AbortController();
  const asking = {
    id,
    signal: AbortSignal.any([drafting.signal, tooMuch.signal]),
    ports: {
      models: {
        language: () => openModel(tenant, model, WIRE),
        nameOf: () => model,
        priceOf: () => request.price,
      },
    },
    emitText: (piece: string) => {
      heard += piece.length;
      if (heard > LONGEST_ANSWER_CHARACTERS) tooMuch.abort(new StepError("model-output", TOO_LONG));
    },
  };
  try {
    const turn = await streamTurn(asking, request);
    return { turn, use: turn.use };
  } catch (error) {
    const failure = toStepError(error);
    return { refusal: refuse("model-failed", describeFailure(failure, drafting)), use: failure.use };
  }
}

const TOO_LONG = "The model’s answer does not end. Say less at once, or connect another model.";

/** Words for somebody who waits, where a step's would tell them of its settings. */
const WORDS: Readonly<Record<string, string>> = {
  timeout: "The model did not finish within two minutes. Try again, or say less at once.",
  "model-cut": "The model’s answer was cut off. Say less at once, or connect a model that may write more.",
};

const describeFailure = ({ code, message }: StepError, { model }: Drafting): string =>
  WORDS[code] ?? `${message} (${model})`;

const refusePace = (retryAfterS: number): Refusal =>
  refuse("rate-limited", `This workspace drafts more than it may. Try again in ${retryAfterS} s.`, {
    headers: { "Retry-After": String(retryAfterS) },
  });

const WHOSE = { workspace: "The workspace", workflow: "The workflow", run: "It", ancestor: "It" } as const;

function refuseSpending({ scope, limit, most, used }: Overspending, asked: Spending): Refusal {
  const next = limit === "maxTokens" ? asked.tokens : asked.costUsd;
  if (limit === "maxCostUsd" && asked.costUsd >= UNPRICED_USD)
    return refuse(
      "budget-reached",
      "The price of this model is not known, so this month’s limit in dollars cannot be kept. Set the price under Settings → Prices.",
    );
  return refuse(
    "budget-reached",
    `${WHOSE[scope]} may use ${sayAmount(limit, most)} this month. ${sayAmount(limit, used)} are used or set aside, and a draft may use ${sayAmount(limit, next)}. An admin can raise the limit.`,
  );
}
