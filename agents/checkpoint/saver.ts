import type { RunnableConfig } from "@langchain/core/runnables";
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  compareWritesSortKeys,
  copyCheckpoint,
  getCheckpointId,
  maxChannelVersion,
  type PendingWrite,
  TASKS,
  WRITES_IDX_MAP,
  writesSortKey,
} from "@langchain/langgraph-checkpoint";
import { strictJson } from "#/agents/checkpoint/serializer.ts";
import type { BlobRow, CheckpointStore, StoredCheckpoint } from "#/agents/checkpoint/store.ts";

type Version = string | number;

/** Pending sends moved into the checkpoint itself with version 4 of LangGraph's format. */
const FIRST_FORMAT_WITH_SENDS = 4;

/** LangGraph's checkpointer over a store of rows. Workspace and transaction are the store's business. */
export class WorkspaceSaver extends BaseCheckpointSaver<Version> {
  readonly #store: CheckpointStore;
  readonly #newSuffix: () => string;

  /** @param newSuffix makes channel versions unique, see {@link WorkspaceSaver.getNextVersion}. */
  constructor(store: CheckpointStore, newSuffix: () => string = () => crypto.randomUUID().slice(0, 8)) {
    super(strictJson);
    this.#store = store;
    this.#newSuffix = newSuffix;
  }

  /** Unique, as in Python's saver: plain integers collide in checkpoint_blobs as soon as a thread forks. */
  override getNextVersion(current: Version | undefined): string {
    const before = current === undefined ? 0 : Number.parseInt(String(current), 10);
    return `${String(before + 1).padStart(12, "0")}.${this.#newSuffix()}`;
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    if (!config.configurable?.["thread_id"]) return undefined;
    const { threadId, namespace } = threadOf(config);
    const checkpointId = getCheckpointId(config) || undefined;
    const [stored] = await this.#store.find({ threadId, namespace, checkpointId, limit: 1 });
    return stored && this.#toTuple(stored);
  }

  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const thread = config.configurable ?? {};
    const rows = await this.#store.find({
      threadId: thread["thread_id"] as string | undefined,
      namespace: thread["checkpoint_ns"] as string | undefined,
      checkpointId: thread["checkpoint_id"] as string | undefined,
      beforeId: options.before?.configurable?.["checkpoint_id"] as string | undefined,
      metadata: options.filter,
      limit: options.limit,
    });
    for (const row of rows) yield await this.#toTuple(row);
  }

  override async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata, newVersions: ChannelVersions) {
    const { threadId, namespace } = threadOf(config);
    const parent = config.configurable?.["checkpoint_id"] as string | undefined;
    const { channel_values: values, ...rest } = copyCheckpoint(checkpoint);
    const blobs = await Promise.all(
      Object.entries(newVersions).map(([channel, version]) => this.#toBlob(namespace, channel, String(version), values)),
    );
    await this.#store.put(
      threadId,
      {
        checkpoint_ns: namespace,
        checkpoint_id: checkpoint.id,
        parent_checkpoint_id: parent ?? null,
        checkpoint: rest,
        // jsonb cannot hold NUL, and metadata is kept as jsonb because it is searched.
        metadata: JSON.parse(JSON.stringify(metadata).replaceAll("\\u0000", "")) as Record<string, unknown>,
      },
      blobs,
    );
    return { configurable: { thread_id: threadId, checkpoint_ns: namespace, checkpoint_id: checkpoint.id } };
  }

  // eslint-disable-next-line eslint/max-params -- the signature is LangGraph's
  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string, taskPath = ""): Promise<void> {
    if (writes.length === 0) return;
    const { threadId, namespace } = threadOf(config);
    const checkpointId = config.configurable?.["checkpoint_id"] as string | undefined;
    if (!checkpointId) throw new Error("checkpoint_id is required to store writes");
    const rows = await Promise.all(
      writes.map(async ([channel, value], position) => {
        const [type, text] = await this.#dump(value);
        const idx = WRITES_IDX_MAP[channel] ?? position;
        return { checkpoint_ns: namespace, checkpoint_id: checkpointId, task_id: taskId, task_path: taskPath, idx, channel, type, value: text };
      }),
    );
    await this.#store.putWrites(threadId, rows, writes.every(([channel]) => channel in WRITES_IDX_MAP));
  }

  override async deleteThread(threadId: string): Promise<void> {
    await this.#store.deleteThread(threadId);
  }

  async #toBlob(namespace: string, channel: string, version: string, values: Readonly<Record<string, unknown>>): Promise<BlobRow> {
    const [type, value] = channel in values ? await this.#dump(values[channel]) : ["empty", null];
    return { checkpoint_ns: namespace, channel, version, type, value };
  }

  async #dump(value: unknown): Promise<[string, string]> {
    const [type, bytes] = await this.serde.dumpsTyped(value);
    return [type, new TextDecoder().decode(bytes)];
  }

  async #toTuple(stored: StoredCheckpoint): Promise<CheckpointTuple> {
    const thread = { thread_id: stored.thread_id, checkpoint_ns: stored.checkpoint_ns };
    const values = await Promise.all(
      stored.blobs.map(async ({ channel, type, value }) => [channel, await this.serde.loadsTyped(type, value ?? "null")] as const),
    );
    const checkpoint = { ...stored.checkpoint, channel_values: Object.fromEntries(values) } as unknown as Checkpoint;
    if (checkpoint.v < FIRST_FORMAT_WITH_SENDS) await this.#adoptParentSends(checkpoint, stored);
    return {
      config: { configurable: { ...thread, checkpoint_id: stored.checkpoint_id } },
      checkpoint,
      metadata: stored.metadata as CheckpointMetadata,
      ...(stored.parent_checkpoint_id && {
        parentConfig: { configurable: { ...thread, checkpoint_id: stored.parent_checkpoint_id } },
      }),
      pendingWrites: await this.#toPendingWrites(stored.writes),
    };
  }

  async #toPendingWrites(writes: StoredCheckpoint["writes"]): Promise<CheckpointPendingWrite[]> {
    // By (path, task, index): the order in which the tasks of a superstep apply, not the order in which they finished.
    const sorted = writes.toSorted((a, b) =>
      compareWritesSortKeys(writesSortKey(a.task_path, a.task_id, a.idx), writesSortKey(b.task_path, b.task_id, b.idx)),
    );
    return Promise.all(sorted.map(async (row) => [row.task_id, row.channel, await this.serde.loadsTyped(row.type, row.value)]));
  }

  /** Checkpoints of older formats keep their sends as writes of the parent. */
  async #adoptParentSends(checkpoint: Checkpoint, stored: StoredCheckpoint): Promise<void> {
    if (!stored.parent_checkpoint_id) return;
    const [parent] = await this.#store.find({
      threadId: stored.thread_id,
      namespace: stored.checkpoint_ns,
      checkpointId: stored.parent_checkpoint_id,
      limit: 1,
    });
    const sends = await this.#toPendingWrites(parent?.writes.filter((write) => write.channel === TASKS) ?? []);
    checkpoint.channel_values[TASKS] = sends.map(([, , value]) => value);
    const versions = Object.values(checkpoint.channel_versions);
    checkpoint.channel_versions[TASKS] = versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined);
  }
}

function threadOf(config: RunnableConfig): { threadId: string; namespace: string } {
  const thread = config.configurable ?? {};
  if (!thread["thread_id"]) throw new Error("thread_id is required");
  return { threadId: String(thread["thread_id"]), namespace: String(thread["checkpoint_ns"] ?? "") };
}
