import { createHash } from "node:crypto";
import * as v from "valibot";

/** Names of the entries, in the order in which they come; vectors and tables are folders of numbered pieces. */
export const ENTRIES = {
  about: "about.json",
  keys: "keys.sealed",
  vectors: "vectors/",
  tables: "tables/",
  manifest: "manifest.json",
} as const;

const text = v.string();
const Index = v.object({
  name: text,
  dimension: v.number(),
  metric: v.picklist(["cosine", "dotproduct", "euclidean"]),
});

/** The first entry: everything that decides whether and where the rest can go. */
export const About = v.object({
  format: v.literal("cairn-backup/1"),
  madeAt: text,
  /** Names of the migrations that the database had, in order. */
  migrations: v.array(text),
  tables: v.array(text),
  functions: v.array(v.object({ signature: text, definition: text })),
  /** Months that the database had partitions for. */
  partitions: v.array(v.object({ table: text, day: text })),
  /** Tells whether a key is the one that the secrets in the database are sealed with. */
  sealedWith: text,
  vectorIndex: v.nullable(Index),
});
export type About = v.InferOutput<typeof About>;
export type VectorIndex = v.InferOutput<typeof Index>;

const Part = v.object({ count: v.number(), sha256: text });

/** The last entry: an archive without it was cut. */
export const Manifest = v.object({ tables: v.record(text, Part), vectors: Part });
export type Manifest = v.InferOutput<typeof Manifest>;

/** One piece of a table: rows as PostgreSQL writes a record down, which it reads back exactly. */
export const Rows = v.array(text);

/** One page of the vectors of a namespace. */
export const Vectors = v.object({
  namespace: text,
  records: v.array(v.object({ id: text, values: v.array(v.number()), metadata: v.record(text, v.any()) })),
});
export type Vectors = v.InferOutput<typeof Vectors>;

/** Counts and sums up the pieces of one part as they pass. */
export class Tally {
  #pieces = 0;
  #count = 0;
  readonly #hash = createHash("sha256");

  add(bytes: Buffer, count: number): void {
    this.#hash.update(bytes);
    this.#count += count;
    this.#pieces += 1;
  }

  get pieces(): number {
    return this.#pieces;
  }

  total(): v.InferOutput<typeof Part> {
    return { count: this.#count, sha256: this.#hash.copy().digest("hex") };
  }
}
