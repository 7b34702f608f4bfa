import * as v from "valibot";
import type { Database, Row } from "#/local/pinecone/database.ts";
import { Refusal } from "#/local/pinecone/refusal.ts";

const METRICS = ["cosine", "dotproduct", "euclidean"] as const;
const PROTECTION = ["enabled", "disabled"] as const;
export type Metric = (typeof METRICS)[number];

/** A vector index: one table with one vector column of a fixed dimension. */
export interface VectorIndex {
  readonly name: string;
  readonly dimension: number;
  readonly metric: Metric;
  readonly field: string;
  readonly settings: Settings;
  /** The quoted table name, safe to put in SQL: index names are restricted to [a-z0-9-]. */
  readonly table: string;
}

const SettingsSchema = v.object({
  deployment: v.optional(v.record(v.string(), v.unknown()), {
    deployment_type: "managed",
    cloud: "aws",
    region: "us-east-1",
  }),
  deletion_protection: v.optional(v.picklist(PROTECTION), "disabled"),
  tags: v.optional(v.nullable(v.record(v.string(), v.string()))),
});
type Settings = v.InferOutput<typeof SettingsSchema>;

const IndexChange = v.strictObject({
  deletion_protection: v.optional(v.picklist(PROTECTION)),
  tags: v.optional(v.nullable(v.record(v.string(), v.string()))),
  deployment: v.optional(v.record(v.string(), v.unknown())),
});

const DenseField = v.object({
  type: v.literal("dense_vector"),
  dimension: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_000)),
  metric: v.optional(v.picklist(METRICS), "cosine"),
});

const NewIndex = v.object({
  name: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]{1,45}$/, 'Name must consist of lower case alphanumeric characters or "-"'),
  ),
  schema: v.object({ fields: v.record(v.string(), v.unknown()) }),
  ...SettingsSchema.entries,
});

/** The catalogue of indexes: Pinecone's control plane. */
export class IndexCatalogue {
  readonly #database: Database;
  readonly #known = new Map<string, VectorIndex>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws Refusal 422 for a malformed request, 409 if the name is taken. */
  async create(request: unknown): Promise<VectorIndex> {
    const { name, schema, ...settings } = accept(NewIndex, request);
    const [field, definition] = Object.entries(schema.fields)[0] ?? [];
    if (field === undefined) throw new Refusal("an index needs a dense_vector field", 422);
    const { dimension, metric } = accept(DenseField, definition);
    const taken = new Refusal("Resource already exists", 409);
    if ((await this.#findRow(name)) !== undefined) throw taken;
    // The table comes first: a crash in between leaves a table without a row, which the next attempt replaces.
    await this.#database.script(tableDefinition(tableOf(name), dimension));
    const [row] = await this.#database.query(
      "INSERT INTO pinecone.indexes VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING *",
      [name, dimension, metric, field, settings],
    );
    if (row === undefined) throw taken;
    const index = fromRow(row);
    return index;
  }

  /** @throws Refusal 404 for an unknown name. */
  async named(name: string): Promise<VectorIndex> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const row = await this.#findRow(name);
    if (row === undefined) throw new Refusal(`Resource ${name} not found`, 404);
    const index = fromRow(row);
    this.#known.set(name, index);
    return index;
  }

  async all(): Promise<readonly VectorIndex[]> {
    return (await this.#database.query("SELECT * FROM pinecone.indexes ORDER BY name")).map(fromRow);
  }

  /** Changes protection, tags and deployment; a tag set to an empty text is removed. @throws Refusal 422 for anything else. */
  async configure(name: string, request: unknown): Promise<VectorIndex> {
    const { settings } = await this.named(name);
    const { tags, deployment, ...changed } = accept(IndexChange, request);
    const kept = Object.entries({ ...settings.tags, ...tags }).filter(([, value]) => value !== "");
    const next = {
      ...settings,
      ...changed,
      deployment: { ...settings.deployment, ...deployment },
      tags: kept.length > 0 ? Object.fromEntries(kept) : undefined,
    };
    const [row] = await this.#database.query(
      "UPDATE pinecone.indexes SET settings = $2 WHERE name = $1 RETURNING *",
      [name, next],
    );
    this.#known.delete(name);
    if (row === undefined) throw new Refusal(`Resource ${name} not found`, 404);
    return fromRow(row);
  }

  /** @throws Refusal 404 for an unknown name, 400 for a protected index. */
  async delete(name: string): Promise<void> {
    const index = await this.named(name);
    if (index.settings.deletion_protection === "enabled")
      throw new Refusal(
        "Deletion protection is enabled for this index. Disable it before deleting the index.",
      );
    await this.#database.script(`DROP TABLE ${index.table}`);
    await this.#database.query("DELETE FROM pinecone.indexes WHERE name = $1", [name]);
    this.#known.delete(name);
  }

  async #findRow(name: string): Promise<Row | undefined> {
    return (await this.#database.query("SELECT * FROM pinecone.indexes WHERE name = $1", [name]))[0];
  }
}

function tableDefinition(table: string, dimension: number): string {
  return `
    DROP TABLE IF EXISTS ${table};
    CREATE TABLE ${table} (
      namespace text NOT NULL,
      id text NOT NULL,
      embedding vector(${dimension}) NOT NULL,
      metadata jsonb NOT NULL DEFAULT '{}',
      PRIMARY KEY (namespace, id)
    );
    CREATE INDEX ON ${table} USING gin (metadata jsonb_path_ops);`;
}

const IndexRow = v.object({
  name: v.string(),
  dimension: v.number(),
  metric: v.picklist(METRICS),
  field: v.string(),
  settings: SettingsSchema,
});

function fromRow(row: Row): VectorIndex {
  const index = v.parse(IndexRow, row);
  return { ...index, table: tableOf(index.name) };
}

const tableOf = (name: string) => `pinecone."vectors_${name}"`;

function accept<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (!result.success)
    throw new Refusal(
      result.issues.map((issue) => `${v.getDotPath(issue) ?? "body"}: ${issue.message}`).join("; "),
      422,
    );
  return result.output;
}
