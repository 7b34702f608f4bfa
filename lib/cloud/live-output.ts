import type { VercelKV } from "@vercel/kv";
import * as v from "valibot";
import { kv } from "#/lib/cloud/kv.ts";

/**
 * The live output of runs: what a browser shows while a step is still at work. It is a convenience with an end:
 * the durable record is in Postgres, and answers once the stream here has expired.
 */
export type LiveOutput = {
  /**
   * Adds chunks of one branch (a step or task id). The highest attempt seen owns the branch: chunks of an older one
   * are `fenced` and not stored, so a late invocation cannot write over its successor. Attempts may be the run's epochs.
   */
  readonly appendChunks: (runId: string, writer: LiveWriter, chunks: readonly LiveChunk[]) => Promise<Appended>;
  /** Entries after `afterId` ("0" for the beginning), oldest first, at most `count`. */
  readonly readChunks: (runId: string, afterId: string, count: number) => Promise<readonly LiveEntry[]>;
  /**
   * Calls `onWake` when there may be something new, and once at the start. A wake-up can be lost: readers also poll.
   * @returns the way to stop.
   */
  readonly subscribe: (runId: string, onWake: () => void) => () => void;
  /** Lets the output of a finished run go after `seconds`. */
  readonly expire: (runId: string, seconds: number) => Promise<void>;
};

type LiveWriter = { readonly branch: string; readonly attempt: number };
export type LiveChunk = { readonly type: string };
type Appended = { readonly kind: "appended"; readonly id: string } | { readonly kind: "fenced" };

const LiveEntryBody = v.object({ branch: v.string(), attempt: v.number(), chunks: v.array(v.looseObject({ type: v.string() })) });
export type LiveEntry = { readonly id: string } & v.InferOutput<typeof LiveEntryBody>;

const KEEP_ENTRIES = 5_000;
const KEEP_SECONDS = 86_400;

/**
 * One call decides and appends. `last` lets the client's own network retry be recognised: the same nonce was stored
 * already, and only its reply got lost.
 */
const APPEND = `
local branch, attempt, nonce = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local owner = tonumber(redis.call('HGET', KEYS[2], 'attempt ' .. branch) or '0')
if attempt < owner then return false end
local last = redis.call('HGET', KEYS[2], 'last ' .. branch)
if last and string.sub(last, 1, #nonce) == nonce then return string.sub(last, #nonce + 2) end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], '*', 'entry', ARGV[4])
redis.call('HSET', KEYS[2], 'attempt ' .. branch, attempt, 'last ' .. branch, nonce .. ' ' .. id)
redis.call('EXPIRE', KEYS[1], ARGV[6])
redis.call('EXPIRE', KEYS[2], ARGV[6])
redis.call('PUBLISH', ARGV[7], id)
return id`;

/** Live output kept in `store`. */
export function createLiveOutput(store: VercelKV): LiveOutput {
  const append = store.createScript<string | null>(APPEND);
  return {
    appendChunks: async (runId, { branch, attempt }, chunks) => {
      const keys = keysOf(runId);
      const entry = JSON.stringify({ branch, attempt, chunks });
      const args = [branch, attempt, crypto.randomUUID(), entry, KEEP_ENTRIES, KEEP_SECONDS, keys.wake].map(String);
      const id = await append.exec([keys.output, keys.fence], args);
      return id === null ? { kind: "fenced" } : { kind: "appended", id };
    },
    readChunks: async (runId, afterId, count) => {
      const entries = await store.xrange(keysOf(runId).output, `(${afterId}`, "+", count);
      return Object.entries(entries).map(([id, fields]) => {
        const { branch, attempt, chunks } = v.parse(LiveEntryBody, fields["entry"]);
        return { id, branch, attempt, chunks };
      });
    },
    subscribe: (runId, onWake) => {
      const subscriber = store.subscribe([keysOf(runId).wake]);
      subscriber.on("subscribe", onWake);
      subscriber.on("message", onWake);
      return () => void subscriber.unsubscribe();
    },
    expire: async (runId, seconds) => {
      const { output, fence } = keysOf(runId);
      await Promise.all([store.expire(output, seconds), store.expire(fence, seconds)]);
    },
  };
}

let opened: LiveOutput | undefined;

/** The live output of this deployment. */
export function liveOutput(): LiveOutput {
  opened ??= createLiveOutput(kv());
  return opened;
}

/** The braces keep a run's keys in one slot of a clustered store. */
function keysOf(runId: string): { output: string; fence: string; wake: string } {
  return { output: `run:{${runId}}:output`, fence: `run:{${runId}}:fence`, wake: `run:{${runId}}:wake` };
}
