import type { LiveChunk } from "#/agents/ports.ts";
import type { LiveOutput } from "#/agents/runner/ports.ts";

interface Branch {
  readonly branch: string;
  readonly attempt: number;
}

type Append = (runId: string, branch: Branch, chunks: readonly LiveChunk[]) => Promise<unknown>;

interface Pending extends Branch {
  readonly runId: string;
  readonly chunks: LiveChunk[];
}

/** Tokens arrive every few milliseconds; a person cannot see the difference, and the store can feel it. */
const BATCH_MS = 50;

/**
 * Collects chunks for a moment and appends them together, in order for each branch. What cannot be appended is dropped: the durable
 * record is the run's log.
 * @param append stores chunks of one branch
 * @param report hears of a failed append
 */
export function batchedLiveOutput(append: Append, report: (error: unknown) => void): LiveOutput {
  const pending = new Map<string, Pending>();
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();

  const send = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const batch = [...pending.values()];
    pending.clear();
    sending = sendAfter(sending, batch);
    return sending;
  };

  const sendAfter = async (before: Promise<void>, batch: readonly Pending[]): Promise<void> => {
    await before;
    await Promise.all(batch.map(({ runId, branch, attempt, chunks }) => append(runId, { branch, attempt }, joinDeltas(chunks)).catch(report)));
  };

  return {
    show: ({ runId }, { id, epoch }, chunk) => {
      const key = `${runId} ${id} ${epoch}`;
      const entry = pending.get(key) ?? { runId, branch: id, attempt: epoch, chunks: [] };
      entry.chunks.push(chunk);
      pending.set(key, entry);
      timer ??= setTimeout(() => void send(), BATCH_MS);
    },
    flush: send,
  };
}

/** Neighbouring pieces of text become one. */
function joinDeltas(chunks: readonly LiveChunk[]): LiveChunk[] {
  const joined: LiveChunk[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    if (last?.type === "delta" && chunk.type === "delta") joined[joined.length - 1] = { ...last, text: last.text + chunk.text };
    else joined.push(chunk);
  }
  return joined;
}
