import type { OwnWrites, Writer } from "#/lib/cloud/own-writes.ts";
import { isRolledBack, type Row, runPipeline, type Statement } from "#/db/pipeline.ts";
import { openPool } from "#/db/pool.ts";
import {
  judgeStandby,
  type LogPosition,
  STANDBY_STATE,
  type StandbyVerdict,
  UNREACHABLE,
} from "#/db/standby.ts";
import * as v from "valibot";

/** The reason why a read went where it went; everything but `current` sends it to the primary. */
export type ReadReason = StandbyVerdict | "refused" | "unavailable";

export interface ReplicaSettings {
  readonly url: string;
  readonly mostLagMs: number;
  /** The time for which it is waited for, when it takes a connection and when it answers. */
  readonly patienceMs: number;
  readonly ownWrites: OwnWrites;
  readonly observe: (reason: ReadReason) => void;
  readonly warn: (message: string, cause: unknown) => void;
}

export interface Replica {
  /** Runs statements that only read. Undefined where the primary has to answer: the standby lags, is away, or lacks what the person has written. */
  readonly read: (reader: Writer, statements: readonly Statement[]) => Promise<readonly Row[][] | undefined>;
  /** Remembers that somebody has just changed something. Never throws. */
  readonly noteChange: (writer: Writer) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** For so long a standby that is not of use is not asked again: each such answer is one thrown away. */
const REST_MS: Readonly<Record<ReadReason, number>> = {
  current: 0,
  "own-write": 0,
  refused: 0,
  behind: 1_000,
  unavailable: 5_000,
  "not-a-standby": 60_000,
};
/** A primary whose place is this old has written little since: one more question a second, for all reads of a process. */
const POSITION_KEPT_MS = 1_000;

const State = v.object({ replayed: v.nullable(v.number()), ageMs: v.nullable(v.number()) });

/** Opens a standby as a second place to read from. @param askPrimary finds the primary's position now */
export function openReplica(
  settings: ReplicaSettings,
  poolSize: number,
  askPrimary: () => Promise<LogPosition>,
): Replica {
  const { url, mostLagMs, patienceMs, ownWrites, observe, warn } = settings;
  const pool = openPool({ connectionString: url, max: poolSize, connectionTimeoutMillis: patienceMs });
  const primaryNow = keptFor(POSITION_KEPT_MS, askPrimary);
  let resting: { readonly until: number; readonly reason: ReadReason } | undefined;

  const conclude = (reason: ReadReason) => {
    observe(reason);
    if (REST_MS[reason] > 0) resting = { until: Date.now() + REST_MS[reason], reason };
  };
  const ask = async (reader: Writer, [enter, ...queries]: readonly Statement[]) => {
    const all = [...(enter ? [enter] : []), { sql: STANDBY_STATE, parameters: [] }, ...queries];
    const [written, primary, [entered = [], states, ...rows]] = await Promise.all([
      ownWrites.find(reader),
      primaryNow(),
      runPipeline(pool, all, patienceMs),
    ]);
    const state = v.parse(State, states?.[0]);
    return { verdict: judgeStandby(state, { written, primary, mostLagMs }), rows: [entered, ...rows] };
  };
  return {
    read: async (reader, statements) => {
      if (resting && Date.now() < resting.until) {
        observe(resting.reason);
        return undefined;
      }
      try {
        const { verdict, rows } = await ask(reader, statements);
        conclude(verdict);
        return verdict === "current" ? rows : undefined;
      } catch (error) {
        // What the standby refuses, such as a read that its replay has broken off, the primary may answer: others are not kept away.
        conclude(isRolledBack(error) ? "refused" : "unavailable");
        warn("The read replica was of no use; the primary answers.", error);
        return undefined;
      }
    },
    noteChange: async (writer) => {
      const position = await askPrimary().catch(() => UNREACHABLE);
      await ownWrites
        .note(writer, position)
        .catch((error: unknown) =>
          warn(
            "Other processes do not know of a change; what they list may lack it for some seconds.",
            error,
          ),
        );
    },
    close: () => pool.end(),
  };
}

/** Asks again only when the last answer is older than this. */
function keptFor(keptMs: number, ask: () => Promise<LogPosition>): () => Promise<LogPosition> {
  let asked: { readonly at: number; readonly answer: Promise<LogPosition> } | undefined;
  return () => {
    if (asked && Date.now() - asked.at < keptMs) return asked.answer;
    const answer = ask();
    asked = { at: Date.now(), answer };
    answer.catch(() => {
      asked = undefined;
    });
    return answer;
  };
}
