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
  getCheckpointId,
  maxChannelVersion,
  type PendingWrite,
  TASKS,
  WRITES_IDX_MAP,
  writesSortKey,
} from "@langchain/langgraph-checkpoint";
import { fromStored, strictJson, toStored, typeOfStored } from "#/agents/langgraph/checkpoint/serializer.ts";
import type { BlobRow, CheckpointStore, StoredCheckpoint } from "#/agents/langgraph/checkpoint/store.ts";

type Version = string | number;

/** Pending sends moved into the checkpoint itself with version 4 of LangGraph's format. */
const FIRST_FORMAT_WITH_SENDS = 4;

/**
 * LangGraph's checkpointer over a store of rows. Workspace and transaction are the store's business.
 * (Its methods have four parameters, hence the exception for this file in .oxlintrc.json.)
 */
export class WorkspaceSaver extends BaseCheckpointSaver<Version> {
  readonly #storeOf: (config: RunnableConfig) => CheckpointStore;
  readonly #mayFork: boolean;

  /**
   * @param storeOf one saver serves every invocation of a compiled graph, and each has a store of its own
   * @param mayFork whether a thread may continue from an older checkpoint of its own. Our runs never do: a fork is a new run.
   */
  constructor(
    storeOf: (config: RunnableConfig) => CheckpointStore,
    { mayFork }: { readonly mayFork: boolean },
  ) {
    super(strictJson);
    this.#storeOf = storeOf;
    this.#mayFork = mayFork;
  }

  /**
   * Counts, in texts of one order. In a thread that may fork, counts of two branches would be the same versions of different values, so they are made
   * unique, as in Python's saver. (A checkpoint names every version twice, so that they are short counts.)
   */
  override getNextVersion(current: Version | undefined): string {
    const count = String((current === undefined ? 0 : Number.parseInt(String(current), 10)) + 1).padStart(
      12,
      "0",
    );
    return this.#mayFork ? `${count}.${crypto.randomUUID().slice(0, 8)}` : count;
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const threadId = readSetting(config, "thread_id");
    if (!threadId) return undefined;
    const checkpointId = getCheckpointId(config) || undefined;
    const store = this.#storeOf(config);
    const [stored] = await store.find({ threadId, namespace: namespaceOf(config), checkpointId, limit: 1 });
    return stored && this.#toTuple(store, stored);
  }

  override async *list(
    config: RunnableConfig,
    options: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const store = this.#storeOf(config);
    const rows = await store.find({
      threadId: readSetting(config, "thread_id"),
      namespace: readSetting(config, "checkpoint_ns"),
      checkpointId: readSetting(config, "checkpoint_id"),
      beforeId: readSetting(options.before, "checkpoint_id"),
      metadata: options.filter,
      limit: options.limit,
    });
    for (const row of rows) yield await this.#toTuple(store, row);
  }

  /** The checkpoint is kept as it is: LangGraph passes a copy of its own. */
  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ) {
    const thread = readThread(config);
    const { channel_values: values, ...frame } = checkpoint;
    const blobs = Object.entries(newVersions).map(([channel, version]) =>
      toBlob(thread.checkpoint_ns, [channel, String(version)], values),
    );
    const row = {
      checkpoint_ns: thread.checkpoint_ns,
      checkpoint_id: checkpoint.id,
      parent_checkpoint_id: readSetting(config, "checkpoint_id") ?? null,
      checkpoint: frame,
      metadata: { ...metadata },
    };
    await this.#storeOf(config).put(thread.thread_id, row, blobs);
    return { configurable: { ...thread, checkpoint_id: checkpoint.id } };
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath = "",
  ): Promise<void> {
    if (writes.length === 0) return;
    const { thread_id: threadId, checkpoint_ns } = readThread(config);
    const checkpoint_id = readSetting(config, "checkpoint_id");
    if (!checkpoint_id) throw new Error("checkpoint_id is required to store writes");
    const rows = writes.map(([channel, written], position) => {
      const place = {
        checkpoint_ns,
        checkpoint_id,
        task_id: taskId,
        task_path: taskPath,
        idx: WRITES_IDX_MAP[channel] ?? position,
        channel,
      };
      return {
        ...place,
        type: typeOfStored(written),
        get value() {
          return toStored(written)[1];
        },
      };
    });
    await this.#storeOf(config).putWrites(
      threadId,
      rows,
      writes.every(([channel]) => channel in WRITES_IDX_MAP),
    );
  }

  override async deleteThread(threadId: string): Promise<void> {
    await this.#storeOf({ configurable: { thread_id: threadId } }).deleteThread(threadId);
  }

  async #toTuple(store: CheckpointStore, stored: StoredCheckpoint): Promise<CheckpointTuple> {
    const thread = { thread_id: stored.thread_id, checkpoint_ns: stored.checkpoint_ns };
    const values = stored.blobs.map(
      ({ channel, type, value }) => [channel, fromStored(type, value ?? "null")] as const,
    );
    const checkpoint: Checkpoint = { ...stored.checkpoint, channel_values: Object.fromEntries(values) };
    if (checkpoint.v < FIRST_FORMAT_WITH_SENDS) await this.#adoptParentSends(store, checkpoint, stored);
    return {
      config: { configurable: { ...thread, checkpoint_id: stored.checkpoint_id } },
      checkpoint,
      metadata: stored.metadata,
      ...(stored.parent_checkpoint_id && {
        parentConfig: { configurable: { ...thread, checkpoint_id: stored.parent_checkpoint_id } },
      }),
      pendingWrites: toPendingWrites(stored.writes),
    };
  }

  /** Checkpoints of older formats keep their sends as writes of the parent. */
  async #adoptParentSends(
    store: CheckpointStore,
    checkpoint: Checkpoint,
    stored: StoredCheckpoint,
  ): Promise<void> {
    if (!stored.parent_checkpoint_id) return;
    const [parent] = await store.find({
      threadId: stored.thread_id,
      namespace: stored.checkpoint_ns,
      checkpointId: stored.parent_checkpoint_id,
      limit: 1,
    });
    const sends = toPendingWrites(parent?.writes.filter((write) => write.channel === TASKS) ?? []);
    checkpoint.channel_values[TASKS] = sends.map(([, , value]) => value);
    const versions = Object.values(checkpoint.channel_versions);
    checkpoint.channel_versions[TASKS] =
      versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined);
  }
}

function toBlob(
  checkpoint_ns: string,
  [channel, version]: readonly [string, string],
  values: Readonly<Record<string, unknown>>,
): BlobRow {
  const [type, value] = channel in values ? toStored(values[channel]) : ["empty", null];
  return { checkpoint_ns, channel, version, type, value };
}

/** By (path, task, index): the order in which the tasks of a superstep apply, not the order in which they finished. */
function toPendingWrites(writes: StoredCheckpoint["writes"]): CheckpointPendingWrite[] {
  return writes
    .toSorted((a, b) =>
      compareWritesSortKeys(
        writesSortKey(a.task_path, a.task_id, a.idx),
        writesSortKey(b.task_path, b.task_id, b.idx),
      ),
    )
    .map((row) => [row.task_id, row.channel, fromStored(row.type, row.value)]);
}

function readThread(config: RunnableConfig): { thread_id: string; checkpoint_ns: string } {
  const thread_id = readSetting(config, "thread_id");
  if (!thread_id) throw new Error("thread_id is required");
  return { thread_id, checkpoint_ns: namespaceOf(config) };
}

const namespaceOf = (config: RunnableConfig) => readSetting(config, "checkpoint_ns") ?? "";

/** LangGraph's settings are `any`; the ones that name rows are texts. */
function readSetting(
  config: RunnableConfig | undefined,
  name: "thread_id" | "checkpoint_ns" | "checkpoint_id",
): string | undefined {
  const value: unknown = config?.configurable?.[name];
  return typeof value === "string" ? value : undefined;
}
