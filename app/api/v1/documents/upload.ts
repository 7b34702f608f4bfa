import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import type { Outcome } from "#/lib/http/problem.ts";
import { readUpload } from "#/lib/http/upload.ts";
import { UploadDocument } from "#/operations/documents/contract.ts";
import type { NewDocument } from "#/operations/documents/create.ts";

interface TextDocument {
  readonly name: string;
  readonly text: string;
  readonly source?: string | undefined;
}

/** Reads a document from JSON or, when the door found a form and so parsed no body, from the file in it. */
export async function readDocument(
  request: Request,
  body: TextDocument | undefined,
): Promise<Outcome<NewDocument>> {
  if (body) {
    const { name, text, source } = body;
    return { ok: true, value: { name, bytes: new TextEncoder().encode(text), source } };
  }
  const upload = await readUpload(request, UploadDocument, DOCUMENT_LIMITS.fileBytes);
  if (!upload.ok) return upload;
  const { file, name, source } = upload.value;
  return { ok: true, value: { name: name ?? file.name, bytes: await file.bytes(), source } };
}
