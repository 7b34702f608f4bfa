import * as v from "valibot";
import { LONGEST_FACT, LONGEST_SUBJECT, MEMORY_SCOPES } from "#/agents/vocabulary/memory.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, pageOf, PageQuery, SearchQuery, Timestamp } from "#/lib/http/wire.ts";

const Scope = v.picklist(MEMORY_SCOPES);
const STATES = ["valid", "ended"] as const;

/** A fact that agents remember. */
export const Memory = v.object({
  id: Id,
  /** Who shares it. */
  scope: Scope,
  /** Null where the whole workspace shares it. */
  workflowId: v.nullable(v.string()),
  /** The agent that has it for itself; else null. */
  agent: v.nullable(v.string()),
  /** The person or the conversation that it is about; empty: nobody in particular. */
  subject: v.string(),
  text: v.string(),
  /** From 1 to 10. */
  importance: v.number(),
  validFrom: Timestamp,
  /** The moment from which it was out of date; null while it holds. */
  validUntil: v.nullable(Timestamp),
  /** The fact that has taken its place. */
  supersededBy: v.nullable(Id),
  /** The run that has learned it, and the step; null where it came from no run. */
  sourceRunId: v.nullable(Id),
  sourceStep: v.nullable(v.string()),
});
export type Memory = v.InferOutput<typeof Memory>;

const NO_NUL = "cannot have the character U+0000, which no text here has";
const Subject = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(LONGEST_SUBJECT),
  v.excludes("\0", NO_NUL),
);

export const UpdateMemory = v.pipe(
  v.strictObject({
    text: v.optional(
      v.pipe(
        v.string(),
        v.trim(),
        v.minLength(1, "must not be empty"),
        v.maxLength(LONGEST_FACT),
        v.excludes("\0", NO_NUL),
      ),
    ),
    importance: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10))),
  }),
  v.check(
    ({ text, importance }) => text !== undefined || importance !== undefined,
    "needs text or importance",
  ),
);
export type UpdateMemory = v.InferInput<typeof UpdateMemory>;

export const ForgetSubject = v.strictObject({ subject: Subject });
export type ForgetSubject = v.InferInput<typeof ForgetSubject>;

export const listMemoriesContract = defineContract({
  method: "GET",
  path: "/api/v1/memories",
  summary:
    "List what agents remember, newest first: by scope, workflow, subject, words, or whether it still holds.",
  access: "memories:read",
  query: v.object({
    ...PageQuery,
    search: SearchQuery.search,
    scope: v.optional(Scope),
    workflow: v.optional(Id),
    subject: v.optional(Subject),
    state: v.optional(v.picklist(STATES)),
  }),
  responses: { 200: { description: "A page of facts.", body: pageOf(Memory) } },
});

export const getMemoryContract = defineContract({
  method: "GET",
  path: "/api/v1/memories/{id}",
  summary: "Read a fact that agents remember.",
  access: "memories:read",
  params: IdParams,
  responses: { 200: { description: "The fact.", body: Memory } },
});

export const updateMemoryContract = defineContract({
  method: "PATCH",
  path: "/api/v1/memories/{id}",
  summary: "Correct a fact, or say how important it is.",
  access: "memories:write",
  params: IdParams,
  body: UpdateMemory,
  audit: "memory.updated",
  responses: { 200: { description: "The fact as it is now.", body: Memory } },
});

export const deleteMemoryContract = defineContract({
  method: "DELETE",
  path: "/api/v1/memories/{id}",
  summary: "Delete a fact with its vector.",
  access: "memories:write",
  params: IdParams,
  audit: "memory.deleted",
  responses: { 204: { description: "Deleted." } },
});

export const forgetSubjectContract = defineContract({
  method: "POST",
  path: "/api/v1/memory-subjects/forget",
  summary: "Delete everything that is remembered of a person or a conversation, in all workflows.",
  access: "memories:write",
  body: ForgetSubject,
  audit: "memory.forgotten",
  responses: {
    200: { description: "The number of facts that were deleted.", body: v.object({ deleted: v.number() }) },
  },
});
