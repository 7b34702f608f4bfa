import type { Database } from "#/local/pinecone/database.ts";
import type { VectorIndex } from "#/local/pinecone/indexes.ts";
import { demand, Refusal } from "#/local/pinecone/refusal.ts";

/** Stands on the wire for the namespace of requests that name none; kept as an empty name. */
const DEFAULT_NAMESPACE = "__default__";

export interface NamespaceCount {
  readonly name: string;
  readonly count: number;
}

/** The namespaces of one index: each exists from its first write, or its creation, until it is deleted. */
export class Namespaces {
  readonly #database: Database;
  readonly #index: VectorIndex;

  constructor(database: Database, index: VectorIndex) {
    this.#database = database;
    this.#index = index;
  }

  /** @throws Refusal 400 for a malformed or reserved name, 409 for one that exists. */
  async create(name: string): Promise<void> {
    demand(isWellFormed(name), "a namespace name holds 1 to 512 ASCII characters and no NUL");
    demand(name !== DEFAULT_NAMESPACE, `${DEFAULT_NAMESPACE} is reserved: it always exists`);
    if (await this.exists(name)) throw new Refusal(`Namespace "${name}" already exists`, 409);
    await this.remember(name);
  }

  /** Makes the namespace exist: what was written to it may become visible only later. */
  async remember(name: string): Promise<void> {
    await this.#database.query("INSERT INTO pinecone.namespaces VALUES ($1, $2) ON CONFLICT DO NOTHING", [
      this.#index.name,
      storedName(name),
    ]);
  }

  async forget(name: string): Promise<void> {
    await this.#database.query("DELETE FROM pinecone.namespaces WHERE index_name = $1 AND name = $2", [
      this.#index.name,
      storedName(name),
    ]);
  }

  async exists(name: string): Promise<boolean> {
    const rows = await this.#database.query(
      `SELECT 1 FROM pinecone.namespaces WHERE index_name = $1 AND name = $2
       UNION ALL SELECT 1 WHERE EXISTS (SELECT FROM ${this.#index.table} WHERE namespace = $2)`,
      [this.#index.name, storedName(name)],
    );
    return rows.length > 0;
  }

  /** @throws Refusal 404 unless the namespace exists. */
  async demandExisting(name: string): Promise<void> {
    if (!(await this.exists(name))) throw new Refusal("Namespace not found", 404);
  }

  /** Counts the records of each namespace, in the order of names. */
  async counts(): Promise<readonly NamespaceCount[]> {
    const rows = await this.#database.query(
      `SELECT name, sum(records)::int AS count FROM (
         SELECT name, 0 AS records FROM pinecone.namespaces WHERE index_name = $1
         UNION ALL SELECT namespace, count(*) FROM ${this.#index.table} GROUP BY namespace
       ) AS known GROUP BY name ORDER BY name`,
      [this.#index.name],
    );
    return rows.map((row) => ({
      name: String(row["name"]) || DEFAULT_NAMESPACE,
      count: Number(row["count"]),
    }));
  }
}

function isWellFormed(name: string): boolean {
  const isAscii = Buffer.byteLength(name) === name.length;
  return isAscii && name.length >= 1 && name.length <= 512 && !name.includes("\0");
}

/** Returns the name under which the tables keep a namespace. */
export function storedName(name: string | undefined): string {
  return name === undefined || name === DEFAULT_NAMESPACE ? "" : name;
}
