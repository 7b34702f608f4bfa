import type { Checkpoint, CheckpointMetadata } from "@langchain/langgraph-checkpoint";

/** A checkpoint without the values of its channels: those are blobs, stored once per change. */
type CheckpointFrame = Omit<Checkpoint, "channel_values">;

/**
 * The value of a channel, or its length: a text is the value itself, a number is the length in bytes of a value that is a blob.
 * A value that does not come back whole is not taken for another one.
 */
export type ValueOrLength = string | number;

/**
 * One row of the store of checkpoints. The saver speaks LangGraph, a store speaks rows; rows are plain JSON so that one superstep's
 * rows can travel inside the commit.
 */
export interface CheckpointRow {
  readonly checkpoint_ns: string;
  readonly checkpoint_id: string;
  readonly parent_checkpoint_id: string | null;
  readonly checkpoint: CheckpointFrame;
  readonly metadata: CheckpointMetadata;
  /** The checkpoint's word on each channel that has a value. Absent: all of them are blobs. */
  readonly small?: Readonly<Record<string, ValueOrLength>>;
}

export interface BlobRow {
  readonly checkpoint_ns: string;
  readonly channel: string;
  readonly version: string;
  /** "empty" marks a channel that has no value at this version. */
  readonly type: string;
  readonly value: string | null;
  /** Set when `value` is only what was added: the version that was last stored whole. See agents/langgraph/checkpoint/tail.ts. */
  readonly base?: string | null | undefined;
}

export interface WriteRow {
  readonly checkpoint_ns: string;
  readonly checkpoint_id: string;
  readonly task_id: string;
  readonly task_path: string;
  readonly idx: number;
  readonly channel: string;
  readonly type: string;
  /** May be made when it is read: most writes of a superstep are in its checkpoint before anybody stores them. */
  readonly value: string;
}

/** The type of a value that should be there and is not, or not whole. */
export type Lost = "lost";

export interface StoredValueRow extends Pick<BlobRow, "channel" | "type" | "value" | "base"> {
  /** The length of a blob. Absent for a value that is stored with the checkpoint itself. */
  readonly bytes?: number | null | undefined;
}

/** A checkpoint as it is read back: with the values of its channels, whole, and the pending writes of its tasks. */
export interface StoredCheckpoint extends CheckpointRow {
  readonly thread_id: string;
  readonly blobs: readonly StoredValueRow[];
  readonly writes: readonly Pick<WriteRow, "task_path" | "task_id" | "idx" | "channel" | "type" | "value">[];
}

export interface CheckpointQuery {
  readonly threadId?: string | undefined;
  readonly namespace?: string | undefined;
  readonly checkpointId?: string | undefined;
  readonly beforeId?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly limit?: number | undefined;
}

export interface CheckpointStore {
  /** Newest first. */
  readonly find: (query: CheckpointQuery) => Promise<readonly StoredCheckpoint[]>;
  readonly put: (threadId: string, row: CheckpointRow, blobs: readonly BlobRow[]) => Promise<void>;
  /** @param replace rewrite rows that are there (LangGraph's own marks), else keep the first. */
  readonly putWrites: (threadId: string, rows: readonly WriteRow[], replace: boolean) => Promise<void>;
  readonly deleteThread: (threadId: string) => Promise<void>;
}
