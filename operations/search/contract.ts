import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id } from "#/lib/http/wire.ts";

/** A piece of a document that answers a search. */
export const Passage = v.object({
  id: v.string(),
  document: v.string(),
  documentId: Id,
  /** 1-based place in the document. */
  position: v.number(),
  text: v.string(),
  score: v.number(),
  source: v.optional(v.string()),
});
export type Passage = v.InferOutput<typeof Passage>;

const Text = v.pipe(v.string(), v.maxLength(2_000));

/** A value, or a list of which one must be equal. */
const OneOf = <Value extends v.GenericSchema>(value: Value) =>
  v.union(
    [value, v.pipe(v.array(value), v.minLength(1, "must not be empty"), v.maxLength(1000))],
    "must be a text or a list of texts",
  );

export const Search = v.strictObject({
  query: v.pipe(v.string(), v.trim(), v.minLength(1, "must not be empty"), v.maxLength(2_000)),
  topK: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 5),
  /** Equality or lists, on document, documentId, source and contentType. */
  filter: v.optional(
    v.strictObject(
      {
        document: v.optional(OneOf(Text)),
        documentId: v.optional(OneOf(Id)),
        source: v.optional(OneOf(Text)),
        contentType: v.optional(OneOf(Text)),
      },
      "Passages are filtered by document, documentId, source and contentType.",
    ),
  ),
});
export type Search = v.InferInput<typeof Search>;

export const searchContract = defineContract({
  method: "POST",
  path: "/api/v1/search",
  summary: "Find passages of the workspace's documents, best first.",
  access: "documents:read",
  body: Search,
  responses: { 200: { description: "The passages.", body: v.object({ items: v.array(Passage) }) } },
});
