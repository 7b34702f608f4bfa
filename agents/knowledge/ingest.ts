import { createHash } from "node:crypto";
import type { IngestPorts } from "#/agents/knowledge/knowledge-ports.ts";
import { readApart } from "#/lib/documents/read-apart.ts";

/** Passages embedded in one superstep. */
const BATCH = 64;
/** Pinecone takes 40 kB of metadata a record; the whole text is in Postgres. */
const METADATA_TEXT = 1500;

export interface ReadOutcome {
  readonly passages: number;
  readonly failed?: string;
}

const isImage = (mediaType: string): boolean => mediaType.startsWith("image/");

/** Nothing of it can be searched, and it is there all the same. */
const IMAGE = {
  ok: true,
  texts: [],
  note: "An image has no text that search could find. Steps show it to models by its name.",
} as const;

/** Reads a document and stores its passages. What cannot be read is the document's state and not an error: no retry would fix it. */
export async function readPassages(ports: IngestPorts, id: string): Promise<ReadOutcome> {
  const [document, content] = await Promise.all([ports.document(id), ports.content(id)]);
  if (!document || !content) return { passages: 0, failed: "The document has been deleted." };
  await ports.setStatus(id, "reading");
  const result = isImage(document.mediaType) ? IMAGE : await readApart({ name: document.name, content });
  if (!result.ok) {
    await ports.setStatus(id, "failed", { error: result.reason });
    return { passages: 0, failed: result.reason };
  }
  const passages = result.texts.map((text, index) => ({
    id: `${id}#${index + 1}`,
    position: index + 1,
    text,
    hash: createHash("sha256").update(text).digest("hex"),
  }));
  await ports.savePassages({ id, mediaType: document.mediaType, source: document.source }, passages);
  await ports.setStatus(id, "embedding", { note: result.note });
  return { passages: passages.length };
}

export interface EmbedOutcome {
  readonly embedded: number;
  readonly more: boolean;
}

/** Embeds the next batch. A batch that is repeated writes the same vectors under the same ids. @throws when a service does not answer */
export async function embedBatch(ports: IngestPorts, id: string, signal: AbortSignal): Promise<EmbedOutcome> {
  const document = await ports.document(id);
  if (!document) return { embedded: 0, more: false };
  const batch = await ports.nextUnembedded(id, BATCH);
  if (batch.length > 0) {
    const vectors = await embedTexts(
      ports,
      batch.map((passage) => passage.text),
      signal,
    );
    const metadata = {
      document: document.name,
      documentId: id,
      contentType: document.mediaType,
      ...(document.source !== null && { source: document.source }),
    };
    await ports.storeVectors(
      batch.map(({ id: passageId, position, text }, index) => ({
        id: passageId,
        values: vectors[index] ?? [],
        metadata: { ...metadata, position, text: text.slice(0, METADATA_TEXT).toWellFormed() },
      })),
    );
    await markOrForget(
      ports,
      id,
      batch.map((passage) => passage.id),
    );
  }
  const more = batch.length === BATCH;
  if (!more) await ports.setStatus(id, "ready");
  return { embedded: batch.length, more };
}

async function embedTexts(
  ports: IngestPorts,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly number[])[]> {
  const vectors = await ports.embed(texts, signal);
  if (vectors.length === texts.length) return vectors;
  throw new Error(
    `The embedding model returned ${vectors.length} vectors for ${texts.length} texts. Check EMBEDDING_MODEL.`,
  );
}

/** A document that was deleted while its batch was under way must not be found afterwards. */
async function markOrForget(ports: IngestPorts, id: string, passageIds: readonly string[]): Promise<void> {
  const kept = new Set(await ports.markEmbedded(id, passageIds));
  const orphans = passageIds.filter((passageId) => !kept.has(passageId));
  if (orphans.length > 0) await ports.forgetVectors(orphans);
}
