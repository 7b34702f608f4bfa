import { removeDocument } from "#/operations/documents/knowledge.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { deleteDocumentContract, getDocumentContract } from "#/operations/documents/contract.ts";
import { getDocument } from "#/db/documents.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { done, ok } from "#/lib/http/reply.ts";

const noSuchDocument = notFound("document");

export const GET = apiRoute(getDocumentContract, async ({ tenant, params }) => {
  const document = await getDocument(tenant, params.id);
  return document ? ok(document) : noSuchDocument;
});

export const DELETE = apiRoute(deleteDocumentContract, async ({ tenant, params }) =>
  (await removeDocument(tenant, params.id)) === "removed" ? done : noSuchDocument,
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
