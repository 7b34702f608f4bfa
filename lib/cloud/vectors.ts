import { setTimeout as sleep } from "node:timers/promises";
import type { Index, Pinecone, RecordMetadata } from "@pinecone-database/pinecone";
import { env } from "#/lib/env.ts";
import { metrics } from "#/lib/observe/metrics.ts";

export interface StoredPassage {
  readonly id: string;
  readonly values: readonly number[];
  readonly metadata: Readonly<Record<string, string | number | boolean | string[]>>;
}

export interface PassageMatch {
  readonly id: string;
  /** Cosine similarity, at most 1. */
  readonly score: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface PassageQuery {
  readonly values: readonly number[];
  readonly topK: number;
  /** A Pinecone metadata filter. */
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
}

/** 100 × 1,536 floats of about 11 characters stay under Pinecone's 2 MB for one request. */
const STORE_BATCH = 100;
const FORGET_BATCH = 1000;

/** Pinecone's client repeats 5xx itself, but neither 429 nor lost connections. */
const BACKOFF_MS = [200, 800, 3200] as const;

// Loaded by the first call: 475 KB that a function which neither reads nor searches documents starts without.
const sdk = () => import("@pinecone-database/pinecone");

let client: Pinecone | undefined;

async function pinecone(): Promise<Pinecone> {
  const { Pinecone } = await sdk();
  const { apiKey, controllerHost } = env().pinecone;
  client ??= new Pinecone({
    apiKey,
    ...(controllerHost === undefined ? {} : { controllerHostUrl: controllerHost }),
  });
  return client;
}

/** Each workspace has a namespace of its own: a search cannot see another tenant's passages, whatever the filter says. */
async function openNamespace(workspaceId: string): Promise<Index> {
  return (await pinecone()).index({ name: env().pinecone.index, namespace: workspaceId });
}

/** Creates the index if it is missing and waits until it is ready. Safe to repeat. */
export async function ensureIndex(dimensions: number): Promise<void> {
  const { indexes } = await pinecone();
  await patiently(() =>
    indexes.create({
      name: env().pinecone.index,
      dimension: dimensions,
      metric: "cosine",
      spec: { serverless: { cloud: "aws", region: "us-east-1" } },
      suppressConflicts: true,
      waitUntilReady: true,
    }),
  );
}

/** Stores passages, replacing those with the same id. Searches may see them a little later. */
export async function storePassages(workspaceId: string, passages: readonly StoredPassage[]): Promise<void> {
  const namespace = await openNamespace(workspaceId);
  for (const batch of batches(passages, STORE_BATCH)) {
    const records = batch.map(({ id, values, metadata }) => ({ id, values: [...values], metadata }));
    await patiently(() => namespace.upsert({ records }));
  }
}

/** The nearest passages, best first. */
export async function searchPassages(
  workspaceId: string,
  { values, topK, filter }: PassageQuery,
): Promise<readonly PassageMatch[]> {
  const namespace = await openNamespace(workspaceId);
  const startedAt = performance.now();
  const { matches } = await patiently(() =>
    namespace.query({
      vector: [...values],
      topK,
      includeMetadata: true,
      ...(filter === undefined ? {} : { filter }),
    }),
  );
  metrics().observe("cairn_vector_search_duration_seconds", (performance.now() - startedAt) / 1_000);
  return matches.map(
    ({ id, score = 0, metadata = {} }: { id: string; score?: number; metadata?: RecordMetadata }) => ({
      id,
      score,
      metadata,
    }),
  );
}

/** Removes passages; what does not exist is no error. */
export async function forgetPassages(workspaceId: string, ids: readonly string[]): Promise<void> {
  const [namespace, { Errors }] = await Promise.all([openNamespace(workspaceId), sdk()]);
  /** Pinecone answers 404 for a namespace that nothing was ever stored in. */
  const unlessMissing = (error: unknown) => {
    if (!(error instanceof Errors.PineconeNotFoundError)) throw error;
  };
  for (const batch of batches(ids, FORGET_BATCH)) {
    await patiently(() => namespace.deleteMany({ ids: batch })).catch(unlessMissing);
  }
}

function* batches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** Every call is idempotent, so repeating one whose answer was lost is safe. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (const delayMs of BACKOFF_MS) {
    try {
      return await call();
    } catch (error) {
      if (!(await isTransient(error))) throw error;
      await sleep(delayMs * (0.5 + Math.random()));
    }
  }
  return call();
}

async function isTransient(error: unknown): Promise<boolean> {
  const { Errors } = await sdk();
  const isLost = error instanceof Errors.PineconeConnectionError;
  return (
    isLost || (error instanceof Errors.PineconeUnmappedHttpError && error.message.includes("Status: 429"))
  );
}
