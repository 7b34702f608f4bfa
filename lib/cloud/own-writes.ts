import type { VercelKV } from "@vercel/kv";
import * as v from "valibot";
import { Memory } from "#/lib/memory.ts";

/** So long after the most that a standby may lag it has everything, if it is used at all. */
const MARGIN_MS = 60_000;
const MOST_PEOPLE = 10_000;

/** Somebody who changes things, themselves or by a key of theirs. */
export interface Writer {
  readonly workspaceId: string;
  readonly userId: string;
}

/** Remembers how far the primary database had come, in bytes of its log, when a person last changed something, for every process of the deployment. */
export interface OwnWrites {
  readonly note: (writer: Writer, position: number) => Promise<void>;
  /** Finds the position; 0 for somebody who has changed nothing lately. @throws when nobody can tell */
  readonly find: (writer: Writer) => Promise<number>;
}

/** A set of one: its writer, and how far. */
const Kept = v.union([
  v.strictTuple([]),
  v.strictTuple([v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))]),
]);

const nameOf = ({ workspaceId, userId }: Writer) => `${workspaceId} ${userId}`;

const keyOf = (whose: string) => `wrote:${whose}`;

/** Keeps positions in `store`, and in the process as well: what a store has lost is still known where it was written. */
export function ownWritesIn(store: VercelKV, mostLagMs: number): OwnWrites {
  const keptMs = mostLagMs + MARGIN_MS;
  const known = new Memory<number>({ keptMs, most: MOST_PEOPLE });
  const ask = inTurns(async (writers) => {
    const questions = store.pipeline();
    for (const whose of writers) questions.zrange(keyOf(whose), 0, -1, { withScores: true });
    return questions.exec<unknown[]>();
  });
  return {
    note: async (writer, position) => {
      const whose = nameOf(writer);
      known.set(whose, Math.max(position, known.get(whose) ?? 0));
      // Changes at the same moment tell of themselves in any order: the furthest stays.
      const change = store
        .pipeline()
        .zadd(`wrote:${whose}`, { gt: true }, { score: position, member: whose });
      await change.pexpire(keyOf(whose), keptMs).exec();
    },
    find: async (writer) => {
      const whose = nameOf(writer);
      const kept = await ask(whose);
      return Math.max(known.get(whose) ?? 0, readKept(kept, whose));
    },
  };
}

function readKept(kept: unknown, whose: string): number {
  const [of = whose, position = 0] = v.parse(Kept, kept);
  if (of !== whose) throw new Error("The store has answered with what was kept for somebody else.");
  return position;
}

/**
 * Lets many ask at once: what comes while a question is under way goes with the next one. So each is asked after it came, and a busy process asks once a
 * round trip, however many lists it reads.
 */
function inTurns(
  ask: (names: readonly string[]) => Promise<readonly unknown[]>,
): (name: string) => Promise<unknown> {
  let waiting = new Map<string, PromiseWithResolvers<unknown>>();
  let isUnderWay = false;
  const askAll = async () => {
    while (waiting.size > 0) {
      const asked = [...waiting];
      waiting = new Map();
      try {
        const answers = await ask(asked.map(([name]) => name));
        for (const [at, [, { resolve }]] of asked.entries()) resolve(answers[at]);
      } catch (error) {
        for (const [, { reject }] of asked) reject(error);
      }
    }
    isUnderWay = false;
  };
  return (name) => {
    const answer = waiting.get(name) ?? Promise.withResolvers<unknown>();
    waiting.set(name, answer);
    if (!isUnderWay) queueMicrotask(() => void askAll());
    isUnderWay = true;
    return answer.promise;
  };
}
