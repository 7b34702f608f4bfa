import * as v from "valibot";
import type { Database, Row } from "#/local/pinecone/database.ts";
import type { IndexFile } from "#/local/pinecone/index-file.ts";
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

/** The catalogue of indexes: Pinecone's control plane. Answers from what it has read before, without the database, until an index changes. */
export class IndexCatalogue {
  readonly #database: Database;
  readonly #file: IndexFile;
  #known: readonly VectorIndex[] | undefined;
  /** Reads and changes of the catalogue, one after the other: a read meanwhile would keep rows that are about to change. */
  #turns: Promise<unknown> = Promise.resolve();

  constructor(database: Database, file: IndexFile) {
    this.#database = database;
    this.#file = file;
  }

  /** @throws Refusal 422 for a malformed request, 409 if the name is taken. */
  async create(request: unknown): Promise<VectorIndex> {
    const { name, schema, ...settings } = accept(NewIndex, request);
    const [field, definition] = Object.entries(schema.fields)[0] ?? [];
    if (field === undefined) throw new Refusal("an index needs a dense_vector field", 422);
    const { dimension, metric } = accept(DenseField, definition);
    return this.#inTurn(async () => {
      if (await this.#find(name)) throw new Refusal("Resource already exists", 409);
      this.#forget();
      // The table comes first: a crash in between leaves a table without a row, which the next attempt replaces.
      await this.#database.script(tableDefinition(tableOf(name), dimension));
      const [row = {}] = await this.#database.query(
        "INSERT INTO pinecone.indexes VALUES ($1, $2, $3, $4, $5) RETURNING *",
        [name, dimension, metric, field, settings],
      );
      return fromRow(row);
    });
  }

  /** @throws Refusal 404 for an unknown name. */
  async named(name: string): Promise<VectorIndex> {
    return this.#inTurn(() => this.#demand(name));
  }

  async all(): Promise<readonly VectorIndex[]> {
    return this.#inTurn(() => this.#read());
  }

  /** Changes protection, tags and deployment; a tag set to an empty text is removed. @throws Refusal 422 for anything else. */
  async configure(name: string, request: unknown): Promise<VectorIndex> {
    return this.#inTurn(async () => {
      const { settings } = await this.#demand(name);
      const { tags, deployment, ...changed } = accept(IndexChange, request);
      const kept = Object.entries({ ...settings.tags, ...tags }).filter(([, value]) => value !== "");
      const next = {
        ...settings,
        ...changed,
        deployment: { ...settings.deployment, ...deployment },
        tags: kept.length > 0 ? Object.fromEntries(kept) : undefined,
      };
      this.#forget();
      const [row = {}] = await this.#database.query(
        "UPDATE pinecone.indexes SET settings = $2 WHERE name = $1 RETURNING *",
        [name, next],
      );
      return fromRow(row);
    });
  }

  /** @throws Refusal 404 for an unknown name, 400 for a protected index. */
  async delete(name: string): Promise<void> {
    await this.#inTurn(async () => {
      const index = await this.#demand(name);
      if (index.settings.deletion_protection === "enabled")
        throw new Refusal(
          "Deletion protection is enabled for this index. Disable it before deleting the index.",
        );
      this.#forget();
      await this.#database.script(`DROP TABLE ${index.table}`);
      await this.#database.query("DELETE FROM pinecone.indexes WHERE name = $1", [name]);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(work);
    this.#turns = turn.catch(() => undefined);
    return turn;
  }

  async #read(): Promise<readonly VectorIndex[]> {
    this.#known ??= readKept(this.#file.read()) ?? (await this.#readRows()).map(fromRow);
    return this.#known;
  }

  async #readRows(): Promise<readonly Row[]> {
    const rows = await this.#database.query("SELECT * FROM pinecone.indexes ORDER BY name");
    this.#file.keep(rows);
    return rows;
  }

  #forget(): void {
    this.#file.forget();
    this.#known = undefined;
  }

  async #find(name: string): Promise<VectorIndex | undefined> {
    return (await this.#read()).find((index) => index.name === name);
  }

  async #demand(name: string): Promise<VectorIndex> {
    const index = await this.#find(name);
    if (index === undefined) throw new Refusal(`Resource ${name} not found`, 404);
    return index;
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

/** Undefined also for what another version has kept. */
function readKept(kept: unknown): readonly VectorIndex[] | undefined {
  const rows = v.safeParse(v.array(IndexRow), kept);
  return rows.success ? rows.output.map(fromRow) : undefined;
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
