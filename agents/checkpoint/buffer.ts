import type { BlobRow, CheckpointQuery, CheckpointRow, CheckpointStore, StoredCheckpoint, WriteRow } from "#/agents/checkpoint/store.ts";

/** Rows that one superstep produced and the commit has to write. */
export interface CheckpointRows {
  readonly checkpoints: readonly CheckpointRow[];
  readonly blobs: readonly BlobRow[];
  readonly writes: readonly WriteRow[];
}

/**
 * Holds one run's newest checkpoint in memory while an invocation works on it. It starts from what the claim returned, answers
 * LangGraph's reads, and hands the new rows to the commit: the database is written once a superstep, fenced, and never read again.
 */
export class CheckpointBuffer implements CheckpointStore {
  readonly #threadId: string;
  readonly #checkpoints = new Map<string, CheckpointRow>();
  readonly #blobs = new Map<string, BlobRow>();
  readonly #writes = new Map<string, WriteRow>();
  #fresh: { checkpoints: CheckpointRow[]; blobs: BlobRow[]; writes: WriteRow[] } = { checkpoints: [], blobs: [], writes: [] };

  constructor(threadId: string, seed: StoredCheckpoint | undefined) {
    this.#threadId = threadId;
    if (!seed) return;
    const { blobs, writes, ...row } = seed;
    this.#checkpoints.set(rowKey(row), row);
    const versions = row.checkpoint["channel_versions"] as Record<string, string>;
    for (const blob of blobs) this.#keepBlob({ ...blob, checkpoint_ns: row.checkpoint_ns, version: String(versions[blob.channel]) });
    for (const write of writes) this.#keepWrite({ ...write, checkpoint_ns: row.checkpoint_ns, checkpoint_id: row.checkpoint_id }, true);
  }

  /** The rows since the last call. */
  take(): CheckpointRows {
    const rows = this.#fresh;
    this.#fresh = { checkpoints: [], blobs: [], writes: [] };
    return rows;
  }

  /** Whether a first checkpoint exists, that is, whether the graph has had its input. */
  get isEmpty(): boolean {
    return this.#checkpoints.size === 0;
  }

  /** The values of the newest root checkpoint, by channel, still as JSON text. */
  newestValues(): ReadonlyMap<string, string> {
    const newest = this.#sorted({ namespace: "" })[0];
    const blobs = newest ? this.#blobsOf(newest) : [];
    return new Map(blobs.map((blob) => [blob.channel, blob.value ?? "null"]));
  }

  find = async (query: CheckpointQuery): Promise<readonly StoredCheckpoint[]> => {
    const rows = this.#sorted(query).slice(0, query.limit);
    return rows.map((row) => ({
      ...row,
      thread_id: this.#threadId,
      blobs: this.#blobsOf(row),
      writes: [...this.#writes.values()].filter((write) => rowKey(write) === rowKey(row)),
    }));
  };

  put = async (_threadId: string, row: CheckpointRow, blobs: readonly BlobRow[]): Promise<void> => {
    this.#checkpoints.set(rowKey(row), row);
    this.#fresh.checkpoints.push(row);
    for (const blob of blobs) this.#keepBlob(blob);
    this.#fresh.blobs.push(...blobs);
    this.#forgetOlderThan(row);
  };

  putWrites = async (_threadId: string, rows: readonly WriteRow[], replace: boolean): Promise<void> => {
    for (const row of rows) {
      if (this.#keepWrite(row, replace)) this.#fresh.writes.push(row);
    }
  };

  deleteThread = async (): Promise<void> => {
    throw new Error("A run under way cannot be deleted; cancel it first.");
  };

  #sorted(query: CheckpointQuery): CheckpointRow[] {
    return [...this.#checkpoints.values()]
      .filter((row) => query.namespace === undefined || row.checkpoint_ns === query.namespace)
      .filter((row) => query.checkpointId === undefined || row.checkpoint_id === query.checkpointId)
      .toSorted((a, b) => (a.checkpoint_id < b.checkpoint_id ? 1 : -1));
  }

  #blobsOf(row: CheckpointRow): BlobRow[] {
    const versions = Object.entries(row.checkpoint["channel_versions"] as Record<string, unknown>);
    return versions.flatMap(([channel, version]) => {
      const blob = this.#blobs.get(blobKey(row.checkpoint_ns, channel, String(version)));
      return blob && blob.type !== "empty" ? [blob] : [];
    });
  }

  #keepBlob(blob: BlobRow): void {
    this.#blobs.set(blobKey(blob.checkpoint_ns, blob.channel, blob.version), blob);
  }

  #keepWrite(row: WriteRow, replace: boolean): boolean {
    const key = `${rowKey(row)}|${row.task_id}|${row.idx}`;
    if (this.#writes.has(key) && !replace) return false;
    this.#writes.set(key, row);
    return true;
  }

  /** A long loop in one invocation must not hold its whole history: only the newest checkpoint and its parent are ever read. */
  #forgetOlderThan(row: CheckpointRow): void {
    const kept = new Set([row.checkpoint_id, row.parent_checkpoint_id]);
    for (const [key, old] of this.#checkpoints) {
      if (old.checkpoint_ns === row.checkpoint_ns && !kept.has(old.checkpoint_id)) this.#checkpoints.delete(key);
    }
    for (const [key, write] of this.#writes) {
      if (write.checkpoint_ns === row.checkpoint_ns && !kept.has(write.checkpoint_id)) this.#writes.delete(key);
    }
    const live = new Set(
      [...this.#checkpoints.values()].flatMap((kept_) =>
        Object.entries(kept_.checkpoint["channel_versions"] as Record<string, unknown>).map(([channel, version]) =>
          blobKey(kept_.checkpoint_ns, channel, String(version)),
        ),
      ),
    );
    for (const key of this.#blobs.keys()) if (!live.has(key)) this.#blobs.delete(key);
  }
}

const rowKey = (row: { readonly checkpoint_ns: string; readonly checkpoint_id: string }) => `${row.checkpoint_ns}|${row.checkpoint_id}`;
const blobKey = (namespace: string, channel: string, version: string) => `${namespace}|${channel}|${version}`;
