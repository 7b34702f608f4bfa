import { addUse } from "#/agents/models/model-use.ts";
import type { Turn, TurnRequest } from "#/agents/models/turn.ts";
import { isParking } from "#/agents/steps/parking.ts";
import { type StepError, toStepError, withUse } from "#/agents/steps/step-error.ts";
import type { ModelUse } from "#/agents/steps/task.ts";

/** Failures after which another model may do better, as the log tells them. */
const REASONS: Readonly<Record<string, string>> = {
  "model-unavailable": "not available",
  "model-rate-limited": "rate-limited",
  "model-quota": "account used up",
  "model-context": "prompt too long",
};

/**
 * Asks the model of a request, and those of its `fallback` one after the other while the one before is not to be had, limits us or cannot read that much.
 * The answer's use says which model has answered, and instead of which. @throws Parking, StepError with what all of them have used
 */
export async function askInTurn(
  { fallback = [], ...request }: TurnRequest,
  ask: (request: TurnRequest, place: number) => Promise<Turn>,
): Promise<Turn> {
  const failures: StepError[] = [];
  for (const [place, model] of [request.model, ...fallback].entries()) {
    try {
      const turn = await ask({ ...request, model }, place);
      return { ...turn, use: toldUse(turn.use, failures, request.model) };
    } catch (error) {
      // Nobody is asked for more money, nor waits for a turn, in the middle of a try: the next one does.
      if (isParking(error) && failures.length > 0) break;
      if (isParking(error)) throw error;
      const failure = toStepError(error);
      failures.push(failure);
      if (!(failure.code in REASONS)) break;
    }
  }
  throw chooseFailure(failures);
}

function toldUse(use: ModelUse, failures: readonly StepError[], first: string | undefined): ModelUse {
  const [why] = failures;
  if (!why) return use;
  const sum = usesOf(failures).reduce(addUse, use);
  return {
    ...sum,
    model: `${use.model} (instead of ${first ?? "the standard model"}: ${REASONS[why.code]})`,
  };
}

const usesOf = (failures: readonly StepError[]) => failures.flatMap(({ use }) => use ?? []);

/** The failure that may pass, else the last one: a try later begins with the first model again. */
function chooseFailure(failures: readonly StepError[]): StepError {
  const chosen = failures.find(({ retryable }) => retryable) ?? failures.at(-1);
  if (!chosen) throw new Error("No model was asked.");
  const [first, ...others] = usesOf(failures);
  return first ? withUse(chosen, others.reduce(addUse, first)) : chosen;
}
