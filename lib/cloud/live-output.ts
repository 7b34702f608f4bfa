import * as v from "valibot";
import { connectKv } from "#/lib/cloud/kv.ts";
import { listen } from "#/lib/cloud/kv-channel.ts";
import { env } from "#/lib/env.ts";

/**
 * The live output of runs: what a browser shows while a step is still at work. It is a convenience with an end:
 * the durable record is in Postgres, and answers once the stream here has expired.
 */
export interface LiveOutput {
  /**
   * Adds chunks to a run's output. The highest epoch seen owns the run: what an older one writes is `fenced` and not stored, so a late
   * invocation cannot write over its successor.
   */
  readonly append: (writer: LiveWriter, chunks: readonly LiveChunk[]) => Promise<Appended>;
  /** Entries after `afterId` ("0" for the beginning), oldest first, at most `count`. */
  readonly read: (runId: string, afterId: string, count: number) => Promise<readonly LiveEntry[]>;
  /**
   * Calls `onWake` when there may be something new, and once at the start. A wake-up can be lost: readers also poll.
   * @returns the way to stop.
   */
  readonly subscribe: (runId: string, onWake: () => void) => () => void;
}

interface LiveWriter {
  readonly runId: string;
  readonly epoch: number;
  /** The run is over: its output is kept only for those who are still reading. */
  readonly ended?: boolean;
}
interface LiveChunk {
  readonly type: string;
}
type Appended = { readonly kind: "appended"; readonly id: string } | { readonly kind: "fenced" };

const LiveEntryBody = v.object({ epoch: v.number(), chunks: v.array(v.looseObject({ type: v.string() })) });
export interface LiveEntry extends v.InferOutput<typeof LiveEntryBody> {
  readonly id: string;
  /** The entry before this one, "0" for the first. If a reader has not seen it, it has been dropped in the meantime. */
  readonly previousId: string;
}

const KEEP_ENTRIES = 5_000;
const KEEP_SECONDS = 86_400;
const KEEP_SECONDS_ENDED = 600;
/** A follower has the durable log besides, and does not wait long for text. */
const READ_TIMEOUT_MS = 1_000;

/**
 * One call decides and appends. The nonce lets the client's own network retry be recognised: it was stored already, and only its reply
 * got lost. The fence remembers the newest entry, so it also knows what came before when the stream itself has been dropped.
 */
const APPEND = `
local epoch, nonce = tonumber(ARGV[1]), ARGV[2]
local fence = redis.call('HMGET', KEYS[2], 'epoch', 'nonce', 'newest')
if epoch < tonumber(fence[1] or '0') then return false end
if fence[2] == nonce then return fence[3] end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', 'entry', ARGV[3], 'previous', fence[3] or '0')
redis.call('HSET', KEYS[2], 'epoch', epoch, 'nonce', nonce, 'newest', id)
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('PUBLISH', ARGV[6], id)
return id`;

interface LiveOutputOptions {
  readonly url: string;
  readonly token: string;
  readonly keepEntries?: number;
}

/** Live output kept in a store that speaks Upstash's REST protocol. */
export function createLiveOutput({ keepEntries = KEEP_ENTRIES, ...store }: LiveOutputOptions): LiveOutput {
  const writing = connectKv(store);
  const reading = connectKv(store, READ_TIMEOUT_MS);
  const script = writing.createScript<string | null>(APPEND);
  return {
    append: async ({ runId, epoch, ended = false }, chunks) => {
      const keys = keysOf(runId);
      const keepSeconds = ended ? KEEP_SECONDS_ENDED : KEEP_SECONDS;
      const args = [
        epoch,
        crypto.randomUUID(),
        JSON.stringify({ epoch, chunks }),
        keepEntries,
        keepSeconds,
        keys.wake,
      ].map(String);
      const id = await script.exec([keys.output, keys.fence], args);
      return id === null ? { kind: "fenced" } : { kind: "appended", id };
    },
    read: async (runId, afterId, count) => {
      const entries = await reading.xrange(keysOf(runId).output, `(${afterId}`, "+", count);
      return Object.entries(entries).map(([id, { entry, previous }]) => {
        const { epoch, chunks } = v.parse(LiveEntryBody, entry);
        return { id, previousId: String(previous), epoch, chunks };
      });
    },
    subscribe: sharedSubscriptions((runId, onWake) => listen(store, keysOf(runId).wake, onWake)),
  };
}

/** All readers of a run in this process listen on one connection. */
function sharedSubscriptions(open: LiveOutput["subscribe"]): LiveOutput["subscribe"] {
  const shared = new Map<string, { readonly readers: Set<() => void>; readonly close: () => void }>();
  return (runId, onWake) => {
    // A set would take the same function twice for one reader.
    const reader = () => onWake();
    const known = shared.get(runId);
    if (known) {
      known.readers.add(reader);
      queueMicrotask(reader);
    } else {
      const readers = new Set([reader]);
      shared.set(runId, { readers, close: open(runId, () => readers.forEach((wake) => wake())) });
    }
    return () => {
      const subscription = shared.get(runId);
      if (!subscription?.readers.delete(reader) || subscription.readers.size > 0) return;
      shared.delete(runId);
      subscription.close();
    };
  };
}

let opened: LiveOutput | undefined;

/** The live output of this deployment. */
export function liveOutput(): LiveOutput {
  opened ??= createLiveOutput(env().kv);
  return opened;
}

/** The braces keep a run's keys in one slot of a clustered store. */
function keysOf(runId: string): { output: string; fence: string; wake: string } {
  return { output: `run:{${runId}}:output`, fence: `run:{${runId}}:fence`, wake: `run:{${runId}}:wake` };
}
