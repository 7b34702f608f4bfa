import * as v from "valibot";
import type { VectorIndex } from "#/local/pinecone/indexes.ts";
import { demand, Refusal } from "#/local/pinecone/refusal.ts";

/** A vector as clients send it; what this index does not keep, such as sparse values, is refused. */
export const IncomingVector = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(512)),
  values: v.array(v.number()),
  metadata: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
});
export type IncomingVector = v.InferOutput<typeof IncomingVector>;

const MAX_METADATA_BYTES = 40_960;

/** The limits of Pinecone's documentation. @throws Refusal with status 400 naming the first one that is broken. */
export function checkVectors(index: VectorIndex, vectors: readonly IncomingVector[]): void {
  demand(vectors.length > 0, "No vectors to upsert");
  demand(vectors.length <= 1000, `Request size ${vectors.length} exceeds the batch limit of 1000`);
  for (const vector of vectors) {
    checkDimension(index, vector.values);
    demand(
      index.metric === "euclidean" || vector.values.some((value) => value !== 0),
      "Dense vectors must contain at least one non-zero value",
    );
    checkMetadata(vector.metadata);
  }
}

export function checkDimension(index: VectorIndex, values: readonly number[]): void {
  demand(
    values.length === index.dimension,
    `Vector dimension ${values.length} does not match the dimension of the index ${index.dimension}`,
  );
}

export function checkMetadata(metadata: Readonly<Record<string, unknown>> | null | undefined): void {
  if (metadata === null || metadata === undefined) return;
  demand(
    Buffer.byteLength(JSON.stringify(metadata)) <= MAX_METADATA_BYTES,
    `metadata size exceeds the limit of ${MAX_METADATA_BYTES} bytes per vector`,
  );
  for (const [field, value] of Object.entries(metadata)) {
    if (!isMetadataValue(value)) {
      throw new Refusal(
        `Metadata value must be a string, number, boolean or list of strings, got '${JSON.stringify(value)}' for field '${field}'`,
      );
    }
  }
}

function isMetadataValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
