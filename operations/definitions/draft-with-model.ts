import "server-only";
import type { ModelMessage } from "ai";
import { readDraftedChange } from "#/agents/definition/drafting/drafted-operations.ts";
import { writeDraftingWish } from "#/agents/definition/drafting/drafting-prompt.ts";
import { editDefinition } from "#/agents/definition/edit/edit.ts";
import { parseText } from "#/agents/definition/format/parse.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { readJsonAnswer } from "#/agents/models/json-answer.ts";
import { addUse } from "#/agents/models/model-use.ts";
import type { ModelUse } from "#/agents/steps/task.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import type { Caller } from "#/operations/caller.ts";
import { checkDefinition } from "#/operations/definitions/check.ts";
import type { DraftedDefinition } from "#/operations/definitions/contract.ts";
import { askDraftingModel, type Drafting } from "#/operations/definitions/drafting-call.ts";
import { readDraftingInstructions, readOffer } from "#/operations/definitions/drafting-material.ts";

type ModelDraft = Extract<DraftedDefinition, { by: "model" }>;

interface ModelRequest {
  readonly sentence: string;
  readonly definition: string | undefined;
  readonly workflow: string | undefined;
  readonly model: string;
  readonly signal: AbortSignal;
}

/** What a new workflow is before anybody has said what it does. */
const EMPTY = "format: cairn/v1\nname: Untitled\nkind: graph\n";
/** Its models wait no longer than a person does, and the function that asks them not much longer. */
const LONGEST_MS = 120_000;
/** The first, and twice with what is wrong. */
const MOST_ANSWERS = 3;
const MOST_PROBLEMS_TOLD = 20;

/** Asks a model for edit operations until what they make can be published, three times at most. @returns its best draft, or the refusal of the last try */
export async function draftWithModel(
  caller: Caller,
  { sentence, definition = EMPTY, workflow, model, signal }: ModelRequest,
): Promise<ModelDraft | Refusal> {
  const { tenant } = caller;
  const parsed = parseText(definition);
  if (!parsed.ok) return UNREADABLE;
  const [instructions, offer] = await Promise.all([readDraftingInstructions(), readOffer(tenant)]);
  const drafting: Drafting = {
    tenant,
    workflowId: workflow,
    model,
    instructions,
    signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
  };
  const wish = writeDraftingWish({ sentence, text: definition, document: parsed.document, ...offer });
  return converse(drafting, wish, (answer) => readAnswer(caller, answer, { definition, workflow }));
}

const UNREADABLE = refuse(
  "invalid-definition",
  "The text cannot be read as YAML or JSON, so a model cannot change it. Mend it first: the problems bar says where.",
);

/** What an answer comes to: a draft, with what its maker should mend; or what is wrong with the answer. */
type Reading =
  | { readonly draft: Omit<ModelDraft, "model" | "use">; readonly toMend: string | undefined }
  | { readonly wrong: string; readonly isFinal?: true };

/** What has been said and used so far, and the best that has come of it. */
interface Conversation {
  readonly messages: readonly ModelMessage[];
  readonly best: Omit<ModelDraft, "model" | "use"> | undefined;
  readonly use: ModelUse | undefined;
  readonly refusal: Refusal | undefined;
  readonly isOver: boolean;
}

async function converse(
  drafting: Drafting,
  wish: string,
  read: (answer: string) => Promise<Reading>,
): Promise<ModelDraft | Refusal> {
  let now: Conversation = {
    messages: [{ role: "user", content: wish }],
    best: undefined,
    use: undefined,
    refusal: undefined,
    isOver: false,
  };
  for (let place = 0; place < MOST_ANSWERS && !now.isOver; place += 1) {
    const said = await askDraftingModel(drafting, now.messages);
    const use = said.use ? addUse(said.use, now.use) : now.use;
    now =
      "turn" in said
        ? goOn({ ...now, use }, said.turn.text, await read(said.turn.text))
        : { ...now, use, refusal: said.refusal, isOver: true };
  }
  return conclude(now, drafting.model);
}

function goOn(before: Conversation, answer: string, reading: Reading): Conversation {
  const isDraft = "draft" in reading;
  const toMend = isDraft ? reading.toMend : reading.wrong;
  return {
    ...before,
    messages: [
      ...before.messages,
      { role: "assistant", content: answer },
      { role: "user", content: askAgain(toMend ?? "") },
    ],
    best: isDraft ? reading.draft : before.best,
    refusal: isDraft ? undefined : refuse("no-draft", sayUseless(reading.wrong)),
    isOver: toMend === undefined || (!isDraft && reading.isFinal === true),
  };
}

function conclude({ best, use, refusal }: Conversation, model: string): ModelDraft | Refusal {
  if (!best || !use) return refusal ?? refuse("no-draft", sayUseless("It was empty."));
  const { inputTokens, outputTokens, costUsd } = use;
  return { ...best, model, use: { inputTokens, outputTokens, costUsd } };
}

const sayUseless = (reason: string) =>
  `The model’s answer cannot be used. ${reason} Say it in other words, or connect another model.`;

const askAgain = (reason: string) =>
  `${reason}\nAnswer again with the whole JSON object: all operations, to be done to the draft as it was in the first message.`;

interface Base {
  readonly definition: string;
  readonly workflow: string | undefined;
}

/** Does what an answer says to a copy of the draft, and checks it as publishing does. */
async function readAnswer(caller: Caller, answer: string, { definition, workflow }: Base): Promise<Reading> {
  const json = readJsonAnswer(answer);
  if (!json) return { wrong: "It is not JSON." };
  const read = readDraftedChange(json.value);
  if ("reason" in read) return { wrong: read.reason };
  const { summary, operations } = read.change;
  if (operations.length === 0) return { wrong: sayUnchanged(summary), isFinal: true };
  const edited = editDefinition(definition, operations);
  if (!edited.ok) return { wrong: sayUndone(edited.at, edited.reason) };
  if (edited.text === definition) return { wrong: sayUnchanged(summary), isFinal: true };
  const { problems, warnings } = await checkDefinition(caller, { definition: edited.text, workflow });
  return {
    draft: {
      by: "model",
      name: nameOf(edited.document),
      summary,
      operations: operations.map((operation) => Object.fromEntries(Object.entries(operation))),
      definition: edited.text,
      problems: [...problems],
      warnings: [...warnings],
    },
    toMend: problems.length > 0 ? tellProblems(problems) : undefined,
  };
}

const sayUnchanged = (summary: string) =>
  summary === "" ? "It changes nothing." : `It changes nothing, and says: “${summary}”`;

const sayUndone = (at: number | undefined, reason: string) =>
  at === undefined ? reason : `Operation ${at + 1} cannot be done: ${reason}`;

const tellProblems = (problems: readonly Problem[]) =>
  `The operations can be done, but the draft cannot be published:\n${problems
    .slice(0, MOST_PROBLEMS_TOLD)
    .map(
      ({ path, message, suggestion }) =>
        `- ${path} ${message}${suggestion === undefined ? "" : ` Did you mean ${suggestion}?`}`,
    )
    .join("\n")}`;

const LONGEST_NAME = 120;

function nameOf(document: unknown): string {
  const name = isJsonObject(document) ? document["name"] : undefined;
  return typeof name === "string" && name.trim() !== "" ? name.trim().slice(0, LONGEST_NAME) : "Untitled";
}
