import { createHash } from "node:crypto";
import type { IngestPorts } from "#/agents/knowledge/ports.ts";
import { chunkText } from "#/lib/documents/chunk.ts";
import { mediaTypeOf, READABLE_ENDINGS } from "#/lib/documents/media-type.ts";
import { readDocument } from "#/lib/documents/read.ts";

/** Passages embedded in one superstep. */
const BATCH = 64;
/** Pinecone takes 40 kB of metadata a record; the whole text is in Postgres. */
const METADATA_TEXT = 1500;

export interface ReadOutcome {
  readonly passages: number;
  readonly failed?: string;
}

/** Reads a document and stores its passages. What cannot be read is the document's state and not an error: no retry would mend it. */
export async function readPassages(ports: IngestPorts, id: string): Promise<ReadOutcome> {
  const document = await ports.document(id);
  if (!document) return { passages: 0, failed: "The document has been deleted." };
  await ports.setStatus(id, "reading");
  const mediaType = mediaTypeOf(document.name, document.content);
  const result = mediaType
    ? await readDocument(mediaType, document.content)
    : { ok: false as const, reason: `This kind of file cannot be read. Upload one of: ${READABLE_ENDINGS.map((ending) => `.${ending}`).join(", ")}.` };
  if (!result.ok) {
    await ports.setStatus(id, "failed", result.reason);
    return { passages: 0, failed: result.reason };
  }
  const passages = chunkText(result.text).map(({ position, text }) => ({ id: `${id}#${position}`, position, text, hash: createHash("sha256").update(text).digest("hex") }));
  await ports.savePassages({ id, mediaType: mediaType ?? document.mediaType, source: document.source }, passages);
  await ports.setStatus(id, passages.length > 0 ? "embedding" : "ready");
  return { passages: passages.length };
}

export interface EmbedOutcome {
  readonly embedded: number;
  readonly more: boolean;
}

/** Embeds the next batch. A batch that is repeated writes the same vectors under the same ids. @throws when a service does not answer */
export async function embedBatch(ports: IngestPorts, id: string, signal: AbortSignal): Promise<EmbedOutcome> {
  const document = await ports.document(id);
  const batch = document ? await ports.nextUnembedded(id, BATCH) : [];
  if (!document || batch.length === 0) {
    if (document) await ports.setStatus(id, "ready");
    return { embedded: 0, more: false };
  }
  const vectors = await ports.embed(batch.map((passage) => passage.text), signal);
  await ports.storeVectors(
    batch.map((passage, index) => ({
      id: passage.id,
      values: vectors[index] ?? [],
      metadata: {
        document: document.name,
        documentId: id,
        position: passage.position,
        contentType: document.mediaType,
        text: passage.text.slice(0, METADATA_TEXT),
        ...(document.source !== null && { source: document.source }),
      },
    })),
  );
  await ports.markEmbedded(id, batch.map((passage) => passage.id));
  const more = batch.length === BATCH;
  if (!more) await ports.setStatus(id, "ready");
  return { embedded: batch.length, more };
}
