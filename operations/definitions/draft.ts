import "server-only";
import { getWorkflow } from "#/db/workflows.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { log } from "#/lib/observe/log.ts";
import type { Caller } from "#/operations/caller.ts";
import { findWorkingModel } from "#/operations/connections/models.ts";
import { checkDefinition } from "#/operations/definitions/check.ts";
import type { DraftedDefinition, draftDefinitionContract } from "#/operations/definitions/contract.ts";
import { draftWithModel } from "#/operations/definitions/draft-with-model.ts";
import { findNearestTemplate } from "#/operations/definitions/nearest-template.ts";
import { noSuchWorkflow } from "#/operations/workflows/refusals.ts";

interface DraftRequest extends Input<typeof draftDefinitionContract> {
  /** Whoever asks has gone. */
  readonly signal: AbortSignal;
}

/**
 * Drafts a definition from a sentence, or changes the given one by it, and stores nothing: by the workspace's model, or where none is connected by taking the
 * nearest template. Refuses with `not-found`, `no-model` a change that only a model could make, `invalid-definition` a text that cannot be read,
 * `rate-limited`, `budget-reached`, `model-failed`, `no-draft` when the model's answers are of no use, and `unavailable` when the embedding does not answer.
 */
export async function draftDefinition(
  caller: Caller,
  { definition, sentence, workflow, signal }: DraftRequest,
): Promise<DraftedDefinition | Refusal> {
  const { tenant } = caller;
  if (workflow !== undefined && !(await getWorkflow(tenant, workflow))) return noSuchWorkflow;
  const model = await findWorkingModel(tenant);
  if (model !== undefined) return draftWithModel(caller, { sentence, definition, workflow, model, signal });
  return definition === undefined ? takeTemplate(caller, sentence, signal) : NO_MODEL;
}

/** Comparing takes milliseconds where the embedding is well. */
const LONGEST_COMPARISON_MS = 15_000;

async function takeTemplate(
  caller: Caller,
  sentence: string,
  signal: AbortSignal,
): Promise<DraftedDefinition | Refusal> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_COMPARISON_MS)]);
  const nearest = await findNearestTemplate(sentence, limited).catch((err: unknown) => {
    log.warn({ err }, "A sentence could not be compared with the templates.");
    return undefined;
  });
  if (!nearest) return AWAY;
  const { template, isNear } = nearest;
  const { problems, warnings } = await checkDefinition(caller, { definition: template.text });
  return {
    by: "template",
    template: template.name,
    name: template.name,
    isNear,
    definition: template.text,
    problems: [...problems],
    warnings: [...warnings],
  };
}

const AWAY = refuse(
  "unavailable",
  "The embedding that compares sentences with templates did not answer. Try again, or pick a template.",
);

const NO_MODEL = refuse(
  "no-model",
  "No model is connected, and only a model can change a draft by a sentence. Add a connection to one under Settings → Connections.",
);
