import { ensureTickSchedule } from "#/lib/cloud/queue.ts";
import { ensureIndex } from "#/lib/cloud/vectors.ts";
import { env } from "#/lib/env.ts";

/** Sees to it that the services have what the product needs of them: the queue its tick, Pinecone its index. Does nothing where they have. */
export async function ensureServices(): Promise<void> {
  await Promise.all([ensureTickSchedule(), ensureIndex(env().llm.embeddingDimensions)]);
}
