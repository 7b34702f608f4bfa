import { isEnded } from "#/agents/vocabulary/run.ts";
import type { LiveChunk } from "#/agents/steps/step-ports.ts";
import type { LiveOutput } from "#/agents/runner/runner-ports.ts";

/** The run that is written about, in whose hands it is, and whether this is the last of it. */
interface LiveWrite {
  readonly runId: string;
  readonly epoch: number;
  readonly ended: boolean;
}

type Append = (write: LiveWrite, chunks: readonly LiveChunk[]) => Promise<unknown>;

/** Tokens arrive every few milliseconds; a person cannot see the difference, and the store can feel it. */
const BATCH_MS = 50;
/** Steps that take a few milliseconds each: a follower is told that the log has grown this often, and not once for each of them. */
const PASSING_MS = 200;
/** An invocation does not wait longer than this for a store that does not answer. */
const LONGEST_FLUSH_MS = 1_000;
const TRIES = 3;
const RETRY_MS = 500;

/**
 * Collects what happens in a run for a moment and appends it in order. The first piece of a text goes out at once. Steps that were over
 * before anybody could see them begin are not told one by one. What cannot be appended is tried again a few times and then dropped: the
 * durable record is the run's log.
 * @param append stores chunks
 * @param report hears of a failed append
 */
export function batchedLiveOutput(append: Append, report: (error: unknown) => void): LiveOutput {
  const writers = new Map<string, RunWriter>();
  const told = new RecentlyTold();
  return {
    show: ({ runId }, epoch, chunk) => {
      const key = `${runId} ${epoch}`;
      const storeFor = async (chunks: readonly LiveChunk[]) => {
        await append({ runId, epoch, ended: chunks.some(isEnd) }, chunks);
        told.add(runId);
      };
      const writer =
        writers.get(key) ?? new RunWriter({ append: storeFor, report, isQuiet: () => told.has(runId) });
      writers.set(key, writer);
      writer.add(chunk);
    },
    flush: async ({ runId }, epoch) => {
      await withinTime(writers.get(`${runId} ${epoch}`)?.flush());
      for (const [key, writer] of writers) if (writer.isIdle) writers.delete(key);
    },
  };
}

/** Runs whose followers have heard of them within PASSING_MS. */
class RecentlyTold {
  /** In the order of time. */
  readonly #at = new Map<string, number>();

  add(runId: string): void {
    const now = Date.now();
    this.#at.delete(runId);
    this.#at.set(runId, now);
    for (const [other, at] of this.#at) {
      if (now - at < PASSING_MS) break;
      this.#at.delete(other);
    }
  }

  has(runId: string): boolean {
    return Date.now() - (this.#at.get(runId) ?? 0) < PASSING_MS;
  }
}

interface WriterPorts {
  readonly append: (chunks: readonly LiveChunk[]) => Promise<unknown>;
  readonly report: (error: unknown) => void;
  /** Tells whether what only passes may be kept back. */
  readonly isQuiet: () => boolean;
}

/** One run in the hands of one invocation: at most one append is under way, so nothing overtakes. */
class RunWriter {
  readonly #ports: WriterPorts;
  #pending: LiveChunk[] = [];
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** A text has begun. */
  #isUrgent = false;
  #failures = 0;

  constructor(ports: WriterPorts) {
    this.#ports = ports;
  }

  get isIdle(): boolean {
    return this.#pending.length === 0 && this.#sending === undefined;
  }

  add(chunk: LiveChunk): void {
    this.#pending.push(chunk);
    if (chunk.type === "delta" && chunk.offset === 0) this.#isUrgent = true;
    this.#sendSoon();
  }

  /** Resolves when what is there now has been appended, or could not be, or need not. */
  async flush(): Promise<void> {
    await this.#sending;
    // All that it says is that the log has grown; whatever is told next says so too, and a follower looks every few seconds in any case.
    if (this.#mayWait()) this.#pending = [];
    await this.#send();
  }

  #mayWait(): boolean {
    return hasPassed(this.#pending) && this.#ports.isQuiet();
  }

  #sendSoon(): void {
    if (this.#sending !== undefined) return;
    if (this.#failures > 0) this.#timer ??= setTimeout(() => void this.#send(), RETRY_MS);
    else if (this.#isUrgent) void this.#send();
    else this.#timer ??= setTimeout(() => this.#batchIsOver(), BATCH_MS);
  }

  #batchIsOver(): void {
    this.#timer = undefined;
    if (this.#mayWait()) this.#sendSoon();
    else void this.#send();
  }

  #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendPending().finally(() => {
      this.#sending = undefined;
      if (this.#pending.length > 0) this.#sendSoon();
    });
    return this.#sending;
  }

  async #sendPending(): Promise<void> {
    const chunks = joinDeltas(this.#pending.splice(0));
    this.#isUrgent = false;
    if (chunks.length === 0) return;
    try {
      await this.#ports.append(chunks);
      this.#failures = 0;
    } catch (error) {
      this.#ports.report(error);
      this.#failures += 1;
      if (this.#failures < TRIES) this.#pending.unshift(...chunks);
    }
  }
}

function isEnd(chunk: LiveChunk): boolean {
  return chunk.type === "committed" && isEnded(chunk.status);
}

/** Steps that have begun and been committed, and the run continues: there is nothing left of them that the log does not show. */
function hasPassed(chunks: readonly LiveChunk[]): boolean {
  return chunks.at(-1)?.type === "committed" && chunks.every(isPassing);
}

function isPassing(chunk: LiveChunk): boolean {
  return (
    chunk.type === "started" ||
    chunk.type === "aside" ||
    (chunk.type === "committed" && chunk.status === "running")
  );
}

/** Pieces of one text become one. Tasks that write at the same time do not come between: only their own order counts. */
function joinDeltas(chunks: readonly LiveChunk[]): LiveChunk[] {
  const joined: LiveChunk[] = [];
  for (const chunk of chunks) {
    const at =
      chunk.type === "delta"
        ? joined.findLastIndex((other) => other.type !== "delta" || other.taskId === chunk.taskId)
        : -1;
    const before = joined[at];
    if (chunk.type === "delta" && before?.type === "delta")
      joined[at] = { ...before, text: before.text + chunk.text };
    else joined.push(chunk);
  }
  return joined;
}

async function withinTime(work: Promise<unknown> | undefined): Promise<void> {
  if (work === undefined) return;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LONGEST_FLUSH_MS);
  await Promise.race([work, over]);
  clearTimeout(timer);
}
