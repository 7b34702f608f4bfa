import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import { deleteDocumentContract, getDocumentContract } from "#/operations/documents/contract.ts";
import { deleteDocument } from "#/operations/documents/delete.ts";
import { getDocument } from "#/operations/documents/get.ts";

export const GET = apiRoute(getDocumentContract, async ({ caller, params }) =>
  ok(await getDocument(caller, params)),
);

export const DELETE = apiRoute(deleteDocumentContract, async ({ caller, params }) =>
  done(await deleteDocument(caller, params)),
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
