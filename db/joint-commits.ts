import * as v from "valibot";
import type { Database } from "#/db/client.ts";
import { isRolledBack } from "#/db/pipeline.ts";
import { json } from "#/db/tables.ts";

/** One run's superstep after which it continues in the same hands, as app.commit_progress takes it. */
export interface Progress {
  readonly run: string;
  readonly epoch: number;
  readonly supersteps: number;
  readonly attempt: number;
  readonly leaseMs: number;
  /** The number of rows it leaves behind for the next one to start from. */
  readonly rows: number;
  readonly state: unknown;
  readonly usage: unknown;
  readonly checkpoints: readonly unknown[];
  readonly logs: readonly unknown[];
  readonly blobs: readonly unknown[] | undefined;
}

interface Waiting {
  readonly run: string;
  readonly epoch: number;
  readonly text: string;
  readonly resolve: (logSeq: number | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** A workspace's commits. */
interface WorkspaceQueue {
  readonly waiting: Waiting[];
  underWay: number;
}

/** Transactions under way; what comes meanwhile shares the next. (Measured with 10 and 50 runs, steps/s: one 626 and 958, two 771 and 1,075, three 689 and 965, four 598 and 877.) */
const MOST_UNDER_WAY = 2;
const MOST_TOGETHER = 32;
/** Characters of a transaction of several runs: a large state is stored alone. */
const LARGEST_TOGETHER = 500_000;

const Stored = v.record(v.string(), v.tuple([v.number(), v.number(), v.string()]));

/**
 * Stores supersteps of several runs of a workspace in one transaction: its cost, to PostgreSQL and on the way there, is shared. A superstep that comes while fewer than two
 * transactions are under way is sent at once, so that a process with one run in hand never waits. A transaction is never two workspaces'.
 */
export class JointCommits {
  readonly #database: Database;
  readonly #queues = new Map<string, WorkspaceQueue>();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * @returns the number of the run's newest line of log; undefined when this superstep is not stored and app.commit_superstep has to be asked
   * @throws what the database throws; whether it is stored is unknown then
   */
  async commit(workspaceId: string, progress: Progress): Promise<number | undefined> {
    const { run, epoch } = progress;
    const text = json(progress);
    const queue = this.#queues.get(workspaceId) ?? { waiting: [], underWay: 0 };
    this.#queues.set(workspaceId, queue);
    return new Promise((resolve, reject) => {
      queue.waiting.push({ run, epoch, text, resolve, reject });
      this.#depart(workspaceId, queue);
    });
  }

  #depart(workspaceId: string, queue: WorkspaceQueue): void {
    while (queue.waiting.length > 0 && queue.underWay < MOST_UNDER_WAY) {
      queue.underWay += 1;
      void this.#store(workspaceId, nextGroup(queue.waiting)).finally(() => {
        queue.underWay -= 1;
        if (queue.waiting.length > 0) this.#depart(workspaceId, queue);
        else if (queue.underWay === 0) this.#queues.delete(workspaceId);
      });
    }
  }

  async #store(workspaceId: string, group: readonly Waiting[]): Promise<void> {
    try {
      const [row] = await this.#database.call("select app.commit_progress($1, $2) as answer", [
        workspaceId,
        `[${group.map(({ text }) => text).join(",")}]`,
      ]);
      const stored = v.parse(Stored, row?.["answer"]);
      for (const { run, epoch, resolve } of group) {
        const [heldBy, logSeq] = stored[run] ?? [];
        resolve(heldBy === epoch ? logSeq : undefined);
      }
    } catch (error) {
      // Perhaps for one of them alone.
      const settle =
        group.length > 1 && isRolledBack(error)
          ? ({ resolve }: Waiting) => resolve(undefined)
          : ({ reject }: Waiting) => reject(error);
      for (const waiting of group) settle(waiting);
    }
  }
}

/** Takes out what is sent next. */
function nextGroup(waiting: Waiting[]): readonly Waiting[] {
  let characters = 0;
  const end = waiting.findIndex(({ text }, index) => {
    characters += text.length;
    return index > 0 && (index === MOST_TOGETHER || characters > LARGEST_TOGETHER);
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}
