import { setTimeout as sleep } from "node:timers/promises";
import { Errors, type Index, Pinecone } from "@pinecone-database/pinecone";
import type { VectorIndex, Vectors } from "#/local/archive/format.ts";

/** Where the vectors lie, in the variables that the product reads. */
export interface VectorPlace {
  readonly apiKey: string;
  readonly controllerUrl: string | undefined;
  readonly index: string;
}

/** 100 vectors of 1,536 numbers stay under the 2 MB of one request. */
const PAGE = 100;

/** The vectors of a deployment, by the API of their store: whichever it is. */
export class VectorStore {
  readonly #client: Pinecone;
  readonly #name: string;

  constructor({ apiKey, controllerUrl, index }: VectorPlace) {
    this.#client = new Pinecone({ apiKey, ...(controllerUrl && { controllerHostUrl: controllerUrl }) });
    this.#name = index;
  }

  /** Returns what the index is, or null where none was made. */
  async describe(): Promise<VectorIndex | null> {
    const { indexes = [] } = await patiently(() => this.#client.indexes.list());
    const index = indexes.find(({ name }) => name === this.#name);
    if (!index) return null;
    const { name, dimension = 0, metric } = index;
    if (metric !== "cosine" && metric !== "dotproduct" && metric !== "euclidean")
      throw new Error(`The index ${name} compares vectors in a way that a backup does not know.`);
    return { name, dimension, metric };
  }

  /** Returns the host that serves the index: two stores with one host are the same. Null where there is none. */
  async findHost(): Promise<string | null> {
    const { indexes = [] } = await patiently(() => this.#client.indexes.list());
    return indexes.find(({ name }) => name === this.#name)?.host ?? null;
  }

  /** Reads every vector, a page of a namespace at a time. */
  async *read(): AsyncGenerator<Vectors> {
    const root = this.#client.index({ name: this.#name });
    for await (const namespace of listNamespaces(root)) yield* this.readNamespace(namespace);
  }

  /** Reads the vectors of one namespace, a page at a time; none where nothing was ever stored in it. */
  async *readNamespace(namespace: string): AsyncGenerator<Vectors> {
    const index = this.#client.index({ name: this.#name, namespace });
    for await (const ids of listIds(index)) {
      const { records } = await patiently(() => index.fetch({ ids: [...ids] }));
      yield {
        namespace,
        records: Object.values(records).map(({ id, values = [], metadata = {} }) => ({
          id,
          values,
          metadata,
        })),
      };
    }
  }

  /** Deletes all vectors of a namespace. Safe to repeat. */
  async clear(namespace: string): Promise<void> {
    const index = this.#client.index({ name: this.#name, namespace });
    await patiently(() => index.deleteAll()).catch((error: unknown) => {
      // Nothing was ever stored in it.
      if (!(error instanceof Errors.PineconeNotFoundError)) throw error;
    });
  }

  async create({ dimension, metric }: VectorIndex): Promise<void> {
    await patiently(() =>
      this.#client.indexes.create({
        name: this.#name,
        dimension,
        metric,
        spec: { serverless: { cloud: "aws", region: "us-east-1" } },
        suppressConflicts: true,
        waitUntilReady: true,
      }),
    );
  }

  /** Puts a page back. Safe to repeat. */
  async write({ namespace, records }: Vectors): Promise<void> {
    if (records.length === 0) return;
    await patiently(() => this.#client.index({ name: this.#name, namespace }).upsert({ records }));
  }
}

const PAUSES_MS = [0, 500, 2_000, 8_000];

/** Every call may be made twice, and a connection that was kept for a while may be gone. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await call();
    } catch (error) {
      const isLost = error instanceof Errors.PineconeConnectionError;
      const isLater =
        error instanceof Errors.PineconeUnmappedHttpError && error.message.includes("Status: 429");
      if (!isLost && !isLater) throw error;
      await sleep(pauseMs);
    }
  }
  return call();
}

async function* listNamespaces(index: Index): AsyncGenerator<string> {
  let token: string | undefined;
  do {
    const after = token && { paginationToken: token };
    const page = await patiently(() => index.listNamespaces({ limit: PAGE, ...after }));
    for (const { name } of page.namespaces ?? []) if (name) yield name;
    token = page.pagination?.next;
  } while (token);
}

async function* listIds(index: Index): AsyncGenerator<readonly string[]> {
  let token: string | undefined;
  do {
    const after = token && { paginationToken: token };
    const page = await patiently(() => index.listPaginated({ limit: PAGE, ...after }));
    const ids = (page.vectors ?? []).flatMap(({ id }) => (id ? [id] : []));
    if (ids.length > 0) yield ids;
    token = page.pagination?.next;
  } while (token);
}
