import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { accepted, ok } from "#/lib/http/reply.ts";
import { createDocumentContract, listDocumentsContract } from "#/operations/documents/contract.ts";
import { createDocument } from "#/operations/documents/create.ts";
import { listDocuments } from "#/operations/documents/list.ts";
import { readDocument } from "#/app/api/v1/documents/upload.ts";

export const GET = apiRoute(listDocumentsContract, async ({ caller, query }) =>
  ok(await listDocuments(caller, query)),
);

export const POST = apiRoute(createDocumentContract, async ({ caller, newId: id, ...sent }) =>
  accepted(await createDocument(caller, { id, ...(await readDocument(sent)) })),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
