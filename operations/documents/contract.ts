import { DOCUMENT_STATUSES } from "#/agents/vocabulary/document.ts";
import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, PageQuery, SearchQuery, Timestamp, pageOf, wholeNumber } from "#/lib/http/wire.ts";

export const DocumentStatus = v.picklist(DOCUMENT_STATUSES);

export const Document = v.object({
  id: Id,
  name: v.string(),
  mediaType: v.string(),
  sizeBytes: v.number(),
  status: DocumentStatus,
  /** Why it could not be read; null unless `failed`. */
  error: v.nullable(v.string()),
  /** The part of it that could not be read, such as a page without text, or had to be guessed, such as its encoding; else null. */
  note: v.nullable(v.string()),
  source: v.nullable(v.string()),
  /** The number of passages it has, and of those that can be found already. */
  passages: v.number(),
  embedded: v.number(),
  createdAt: Timestamp,
});
export type Document = v.InferOutput<typeof Document>;

/** The largest position that a passage can have. */
const MOST_PASSAGES = 1_000_000;

const DocumentName = v.pipe(v.string(), v.trim(), v.minLength(1, "must not be empty"), v.maxLength(200));
const Source = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(2_000));

export const CreateDocument = v.strictObject({
  name: DocumentName,
  text: v.pipe(v.string(), v.minLength(1, "must not be empty")),
  source: v.optional(Source),
});
export type CreateDocument = v.InferInput<typeof CreateDocument>;

/** Form fields of an upload; `name` is the file's own unless given. */
const UploadDocument = v.object({
  file: v.file(),
  name: v.optional(DocumentName),
  source: v.optional(Source),
});

export const listDocumentsContract = defineContract({
  method: "GET",
  path: "/api/v1/documents",
  summary:
    "List documents, newest first; with ?name= those of exactly this name, with ?search= those whose names have these words.",
  access: "documents:read",
  query: v.object({
    ...PageQuery,
    status: v.optional(DocumentStatus),
    name: v.optional(DocumentName),
    search: SearchQuery.search,
  }),
  responses: { 200: { description: "A page of documents.", body: pageOf(Document) } },
});

export const createDocumentContract = defineContract({
  method: "POST",
  path: "/api/v1/documents",
  summary:
    "Add a document: text, or a file (.txt, .md, .html, .pdf, .docx, .csv, or an image). It is read and embedded after the answer.",
  access: "documents:write",
  body: CreateDocument,
  upload: UploadDocument,
  idempotent: true,
  audit: "document.created",
  responses: { 202: { description: "The document is being read.", body: Document } },
});

/** A part of a document as agents find and cite it: `[name#position]`. */
export const DocumentPassage = v.object({
  /** 1-based place in the document. */
  position: v.number(),
  text: v.string(),
});
export type DocumentPassage = v.InferOutput<typeof DocumentPassage>;

export const listPassagesContract = defineContract({
  method: "GET",
  path: "/api/v1/documents/{id}/passages",
  summary: "List a document's passages in their order, with ?from= from that position on.",
  access: "documents:read",
  params: IdParams,
  query: v.object({ ...PageQuery, from: v.optional(wholeNumber(1, MOST_PASSAGES)) }),
  responses: { 200: { description: "A page of passages.", body: pageOf(DocumentPassage) } },
});

export const getDocumentContract = defineContract({
  method: "GET",
  path: "/api/v1/documents/{id}",
  summary: "Read a document's progress.",
  access: "documents:read",
  params: IdParams,
  responses: { 200: { description: "The document.", body: Document } },
});

export const deleteDocumentContract = defineContract({
  method: "DELETE",
  path: "/api/v1/documents/{id}",
  summary: "Delete a document with its passages and vectors.",
  access: "documents:write",
  params: IdParams,
  audit: "document.deleted",
  responses: { 204: { description: "Deleted." } },
});
