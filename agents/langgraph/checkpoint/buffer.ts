import { asStored } from "#/agents/langgraph/checkpoint/tail.ts";
import type {
  BlobRow,
  CheckpointQuery,
  CheckpointRow,
  CheckpointStore,
  ValueOrLength,
  StoredCheckpoint,
  StoredValueRow,
  WriteRow,
} from "#/agents/langgraph/checkpoint/store.ts";

/** Rows that one superstep produced and the commit has to write. */
export interface CheckpointRows {
  readonly checkpoints: readonly CheckpointRow[];
  readonly blobs: readonly BlobRow[];
  readonly writes: readonly WriteRow[];
}

/** The newest checkpoint of a namespace. A long loop in one invocation must not hold its whole history. */
interface Newest {
  readonly row: CheckpointRow;
  /** By channel: each one's newest value, whole. */
  readonly blobs: Map<string, BlobRow>;
  /** By channel: where its value is. Said once, when the value is stored: whoever judges a value anew may judge otherwise, and look for it in the wrong place. */
  readonly places: Map<string, ValueOrLength>;
  /** The ones that were there when the invocation began. */
  readonly writes: ReadonlyMap<string, WriteRow>;
}

interface FreshRows {
  readonly checkpoints: CheckpointRow[];
  readonly blobs: BlobRow[];
  /** One for each place: a statement cannot write the same row twice. */
  readonly writes: Map<string, WriteRow>;
}

const noRows = (): FreshRows => ({ checkpoints: [], blobs: [], writes: new Map() });

/**
 * Holds one run's newest checkpoint in memory while an invocation works on it. It starts from what the claim returned, answers
 * LangGraph's reads, and hands the new rows to the commit: the database is written once a superstep, fenced, and never read again.
 */
export class CheckpointBuffer implements CheckpointStore {
  readonly #threadId: string;
  /** By namespace; the root is "". */
  readonly #newest = new Map<string, Newest>();
  #fresh = noRows();
  /** The newest checkpoint with a channel that was changed afterwards. Once another checkpoint follows, nobody needs it. */
  #changed: { readonly row: CheckpointRow; readonly blob: BlobRow } | undefined;

  constructor(threadId: string, seed: StoredCheckpoint | undefined) {
    this.#threadId = threadId;
    if (seed) this.#newest.set(seed.checkpoint_ns, seeded(seed));
  }

  /** The rows since the last call. */
  take(): CheckpointRows {
    const { checkpoints, blobs, writes } = this.#fresh;
    this.#fresh = noRows();
    if (this.#changed) {
      const { row, blob } = this.#changed;
      const { places } = this.#newest.get("") ?? { places: new Map<string, ValueOrLength>() };
      checkpoints.push({ ...row, small: Object.fromEntries(places) });
      if (typeof places.get(blob.channel) === "number") blobs.push(blob);
      this.#changed = undefined;
    }
    return { checkpoints, blobs, writes: [...writes.values()] };
  }

  /** True while there is no checkpoint: the graph has not had its input. */
  get isEmpty(): boolean {
    return this.#newest.size === 0;
  }

  /** The size of what each channel of the newest root checkpoint has, as JSON. */
  get bytesByChannel(): ReadonlyMap<string, number> {
    const places = [...(this.#newest.get("")?.places ?? [])];
    return new Map(
      places.map(([channel, place]) => [channel, typeof place === "number" ? place : place.length]),
    );
  }

  /** The channels of the newest root checkpoint. A channel that did not change keeps its row. */
  newestBlobs(): Iterable<BlobRow> {
    return this.#newest.get("")?.blobs.values() ?? [];
  }

  /** The newest root checkpoint. */
  get newestRow(): CheckpointRow | undefined {
    return this.#newest.get("")?.row;
  }

  /** Lists what tasks had written on the newest root checkpoint when the invocation began. */
  seededWrites(): readonly WriteRow[] {
    return [...(this.#newest.get("")?.writes.values() ?? [])];
  }

  /** Gives the newest root checkpoint another value in a channel. Its id stays, and with it what its tasks have written. */
  change(channel: string, value: unknown): void {
    const newest = this.#newest.get("");
    if (!newest) throw new Error("There is no checkpoint to change.");
    const { row, blobs, places } = newest;
    const versions = row.checkpoint.channel_versions;
    const version = nextVersion(Object.values(versions));
    const blob: BlobRow = { checkpoint_ns: "", channel, version, type: "json", value: JSON.stringify(value) };
    const changed = {
      ...row,
      checkpoint: { ...row.checkpoint, channel_versions: { ...versions, [channel]: version } },
    };
    blobs.set(channel, blob);
    places.set(channel, toValueOrLength(blob) ?? "null");
    this.#newest.set("", { ...newest, row: changed });
    this.#changed = { row: changed, blob };
  }

  find = async (query: CheckpointQuery): Promise<readonly StoredCheckpoint[]> => {
    const newest = this.#newest.get(query.namespace ?? "");
    if (!newest || (query.checkpointId !== undefined && query.checkpointId !== newest.row.checkpoint_id))
      return [];
    const blobs = [...newest.blobs.values()].filter(hasValue);
    return [{ ...newest.row, thread_id: this.#threadId, blobs, writes: this.#listWrites(newest) }];
  };

  /**
   * A new checkpoint ends a superstep: what its tasks wrote is in the checkpoint now, so the writes themselves need not be stored.
   * Nor do channels that became empty: a version without a row has no value.
   */
  put = async (_threadId: string, row: CheckpointRow, blobs: readonly BlobRow[]): Promise<void> => {
    const before = this.#newest.get(row.checkpoint_ns);
    if (row.checkpoint_ns === "") this.#changed = undefined;
    const newest = following(before, row);
    for (const blob of blobs) this.#keep(newest, blob);
    this.#newest.set(row.checkpoint_ns, newest);
    // LangGraph's checkpoint of the input is never gone back to: without one after it, the run begins anew.
    if (!isInput(row))
      this.#fresh.checkpoints.push({
        ...row,
        ...(before && isInput(before.row) && { parent_checkpoint_id: null }),
        small: Object.fromEntries(newest.places),
      });
    for (const [key, write] of this.#fresh.writes) if (isOlder(write, row)) this.#fresh.writes.delete(key);
  };

  /** Small is judged of the whole value: what was added to a long one is a blob however short it is. */
  #keep({ blobs, places }: Newest, blob: BlobRow): void {
    const stored = asStored(blob, blobs.get(blob.channel));
    blobs.set(blob.channel, { ...blob, base: stored.base });
    const place = toValueOrLength(blob);
    if (place === undefined) places.delete(blob.channel);
    else places.set(blob.channel, place);
    if (typeof place === "number") this.#fresh.blobs.push(stored);
  }

  putWrites = async (_threadId: string, rows: readonly WriteRow[], replace: boolean): Promise<void> => {
    for (const row of rows) {
      const newest = this.#newest.get(row.checkpoint_ns);
      const key = writeKey(row);
      const isKept = newest?.writes.has(key) || this.#fresh.writes.has(key);
      if ((newest && isOlder(row, newest.row)) || (isKept && !replace)) continue;
      this.#fresh.writes.set(key, row);
    }
  };

  #listWrites({ row, writes }: Newest): WriteRow[] {
    const fresh = [...this.#fresh.writes].filter(([, write]) => rowKey(write) === rowKey(row));
    return [...new Map([...writes, ...fresh]).values()];
  }

  deleteThread = async (): Promise<void> => {
    throw new Error("A run under way cannot be deleted; cancel it first.");
  };
}

/** The next checkpoint begins with the values of the one before. */
function following(before: Newest | undefined, row: CheckpointRow): Newest {
  const { blobs, places } = before ?? {
    blobs: new Map<string, BlobRow>(),
    places: new Map<string, ValueOrLength>(),
  };
  return { row, blobs, places, writes: new Map() };
}

/** A version that is higher than all of them, as LangGraph compares them. */
function nextVersion(versions: readonly (string | number)[]): string {
  const highest = Math.max(0, ...versions.map((version) => Number.parseInt(String(version), 10)));
  return String(highest + 1).padStart(12, "0");
}

function seeded({ thread_id: _thread, blobs, writes, ...row }: StoredCheckpoint): Newest {
  const { checkpoint_ns, checkpoint_id, checkpoint } = row;
  const rows = writes.map((write) => Object.assign({ checkpoint_ns, checkpoint_id }, write));
  return {
    row,
    blobs: new Map(
      blobs.map(({ channel, type, value, base }) => [
        channel,
        { checkpoint_ns, version: String(checkpoint.channel_versions[channel]), channel, type, value, base },
      ]),
    ),
    places: new Map(blobs.map((blob) => [blob.channel, storedPlace(blob)])),
    writes: new Map(rows.map((write) => [writeKey(write), write])),
  };
}

const isInput = ({ metadata }: CheckpointRow) => metadata.step < 0;
const hasValue = (blob: BlobRow) => blob.type !== "empty";

/** A shorter value lies in the row of every checkpoint: a row of its own takes four times as much, and its channel is named there anyway. */
const SMALL = 64;

/** Undefined for a channel without a value. */
function toValueOrLength({ type, value }: BlobRow): ValueOrLength | undefined {
  if (value === null) return undefined;
  return type === "json" && value.length <= SMALL ? value : Buffer.byteLength(value);
}

const storedPlace = ({ value, bytes }: StoredValueRow): ValueOrLength => bytes ?? value ?? "null";

type OfCheckpoint = Pick<CheckpointRow, "checkpoint_ns" | "checkpoint_id">;
const rowKey = (row: OfCheckpoint) => `${row.checkpoint_ns}|${row.checkpoint_id}`;
const writeKey = (row: WriteRow) => `${rowKey(row)}|${row.task_id}|${row.idx}`;
/** Checkpoint ids are made of the time first. */
const isOlder = (a: OfCheckpoint, b: OfCheckpoint) =>
  a.checkpoint_ns === b.checkpoint_ns && a.checkpoint_id < b.checkpoint_id;
