import type { Parts } from "#/lib/http/contract.ts";
import type { createDocumentContract } from "#/operations/documents/contract.ts";
import type { NewDocument } from "#/operations/documents/create.ts";

/** The document that came as JSON or, when a form was sent, as the file in it. */
export async function readDocument({
  body,
  upload,
}: Pick<Parts<typeof createDocumentContract>, "body" | "upload">): Promise<Omit<NewDocument, "id">> {
  if (body) return { name: body.name, bytes: new TextEncoder().encode(body.text), source: body.source };
  if (!upload) throw new Error("The door parses a body or a form.");
  const { file, name, source } = upload;
  return { name: name ?? file.name, bytes: await file.bytes(), source };
}
