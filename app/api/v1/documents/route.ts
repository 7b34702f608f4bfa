import { addDocument } from "#/operations/documents/knowledge.ts";
import { apiRoute, idOf } from "#/app/api/doors.ts";
import {
  createDocumentContract,
  listDocumentsContract,
  UploadDocument,
} from "#/operations/documents/contract.ts";
import { getDocument, listDocuments } from "#/db/documents.ts";
import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound, type Outcome } from "#/lib/http/problem.ts";
import { readUpload } from "#/lib/http/upload.ts";
import { accepted, ok } from "#/lib/http/reply.ts";

interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly source: string | undefined;
}

export const GET = apiRoute(listDocumentsContract, async ({ tenant, query }) =>
  ok(await listDocuments(tenant, query)),
);

export const POST = apiRoute(createDocumentContract, async ({ tenant, principal, body, request }) => {
  // The door leaves the body to us when it is a form.
  const given = body === undefined ? await readFile(request) : readText(body);
  if (!given.ok) return given.refusal;
  const { name, bytes, source } = given.value;
  const id = await addDocument(tenant, {
    name,
    bytes,
    source,
    by: { kind: principal.kind, id: idOf(principal) },
  });
  const document = await getDocument(tenant, id);
  return document ? accepted(document) : notFound("document");
});

function readText({
  name,
  text,
  source,
}: {
  readonly name: string;
  readonly text: string;
  readonly source?: string | undefined;
}): Outcome<Given> {
  return { ok: true, value: { name, bytes: new TextEncoder().encode(text), source } };
}

async function readFile(request: Request): Promise<Outcome<Given>> {
  const upload = await readUpload(request, UploadDocument, DOCUMENT_LIMITS.fileBytes);
  if (!upload.ok) return upload;
  const { file, name, source } = upload.value;
  return { ok: true, value: { name: name ?? file.name, bytes: await file.bytes(), source } };
}

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
