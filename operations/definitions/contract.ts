import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, JsonObject, Problem, VersionNumber } from "#/lib/http/wire.ts";
import { DefinitionInput, WorkflowKind } from "#/operations/workflows/contract.ts";

/** The check of a definition as if it were published now. */
export const CheckedDefinition = v.object({
  publishable: v.boolean(),
  kind: v.nullable(WorkflowKind),
  problems: v.array(Problem),
  /** Problems that do not keep the definition from being published, and make its runs fail. */
  warnings: v.array(Problem),
});

export const checkDefinitionContract = defineContract({
  method: "POST",
  path: "/api/v1/definitions/check",
  summary:
    "Check a definition without storing it: every problem that keeps it from being published, and warnings.",
  access: "workflows:read",
  body: v.strictObject({
    definition: DefinitionInput,
    /** The workflow that it is for: what its webhooks bring counts as content from outside. */
    workflow: v.optional(Id),
  }),
  responses: { 200: { description: "What the check has found.", body: CheckedDefinition } },
});

const DefinitionChange = v.object({
  kind: v.picklist(["added", "removed", "changed"]),
  /** JSON pointer; edges and tasks stand in it by what they are called. */
  path: v.string(),
  before: v.optional(v.unknown()),
  after: v.optional(v.unknown()),
});

export const ComparedDefinitions = v.object({
  /** The version that it was compared with; null when nothing is published. */
  version: v.nullable(v.number()),
  changes: v.array(DefinitionChange),
});

export const compareDefinitionContract = defineContract({
  method: "POST",
  path: "/api/v1/definitions/compare",
  summary:
    "Compare a workflow's draft, or a given definition, with its published version or another: step by step, edge by edge, field by field.",
  access: "workflows:read",
  body: v.strictObject({
    workflow: Id,
    definition: v.optional(DefinitionInput),
    version: v.optional(VersionNumber),
  }),
  responses: { 200: { description: "The differences.", body: ComparedDefinitions } },
});

const LONGEST_SENTENCE = 4_000;
/** More than models read well, and each operation reads it anew. */
const LONGEST_DRAFT = 60_000;

/** A draft with what its check has found. */
const checked = {
  /** As the definition says. */
  name: v.string(),
  /** YAML, as it would be stored. */
  definition: v.string(),
  /** As for publishing. */
  problems: v.array(Problem),
  warnings: v.array(Problem),
};

/** A draft that was made from a sentence, and is stored nowhere. */
export const DraftedDefinition = v.variant("by", [
  v.object({
    /** No model is connected: the template whose words are nearest. */
    by: v.literal("template"),
    template: v.string(),
    /** False where none was near, and the smallest one stands for them. */
    isNear: v.boolean(),
    ...checked,
  }),
  v.object({
    by: v.literal("model"),
    model: v.string(),
    /** What it says it has done. */
    summary: v.string(),
    /** What it has done to the text that was given, or to an empty graph, in this order: as `editDefinition` takes it. */
    operations: v.array(JsonObject),
    /** Estimated where nobody counted. */
    use: v.object({ inputTokens: v.number(), outputTokens: v.number(), costUsd: v.number() }),
    ...checked,
  }),
]);
export type DraftedDefinition = v.InferOutput<typeof DraftedDefinition>;

export const DraftDefinition = v.strictObject({
  /** What is wanted, in any language. */
  sentence: v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1, "must say what you want"),
    v.maxLength(
      LONGEST_SENTENCE,
      `must have at most ${LONGEST_SENTENCE.toLocaleString("en")} characters; say the rest as a second change`,
    ),
  ),
  /** The draft to change; without it a new one is made. */
  definition: v.optional(
    v.pipe(
      v.string(),
      v.minLength(1, "must not be empty"),
      v.maxLength(
        LONGEST_DRAFT,
        `must have at most ${LONGEST_DRAFT.toLocaleString("en")} characters for a model to change it`,
      ),
    ),
  ),
  /** The workflow that it is for: its month's limits count, and what its webhooks bring is content from outside. */
  workflow: v.optional(Id),
});
export type DraftDefinition = v.InferInput<typeof DraftDefinition>;

export const draftDefinitionContract = defineContract({
  method: "POST",
  path: "/api/v1/definitions/draft",
  summary:
    "Draft a definition from a sentence, or change a given one by it. Nothing is stored. With a model, its edit operations, checked as for publishing; where none is connected, the nearest template.",
  access: "workflows:write",
  alsoNeeds: "runs:start",
  body: DraftDefinition,
  audit: "definition.drafted",
  responses: { 200: { description: "The draft.", body: DraftedDefinition } },
});
