import type * as v from "valibot";

interface KeptPolicy {
  /** For so long a process takes its own copy without asking anybody: for so long, at most, it does not notice a change made elsewhere. */
  readonly inProcessMs: number;
  /** A process lives long, and workspaces come and go. */
  readonly mostInProcess: number;
  /** The age at which a copy in KV is of no use, should the change that ended it not have reached KV. 0: a question to KV would cost what one to the database does. */
  readonly inStoreMs: number;
  /** What ends it: lines of the audit log, or what the identity provider tells. */
  readonly endedBy: readonly string[];
}

/** What is read often and changes rarely, by workspace. What is decided by who somebody is, such as roles and keys, is in no store: docs/decisions/2026-11-30-cache.md */
export const KEPT = {
  /** Limits of the workspace for what it starts and runs at a time. */
  pace: { inProcessMs: 15_000, mostInProcess: 10_000, inStoreMs: 60_000, endedBy: ["limits.changed"] },
  /** The version that a start of a workflow gets, with the workflow's limits. Storing the run looks whether it is still the one. */
  version: {
    inProcessMs: 15_000,
    mostInProcess: 500,
    inStoreMs: 60_000,
    endedBy: ["workflow.published", "workflow.rolled-back", "workflow.archived", "workflow.limited"],
  },
  /** Prices that the workspace has set and the usual models of its connections: every model call asks. */
  prices: {
    inProcessMs: 5_000,
    mostInProcess: 1_000,
    inStoreMs: 0,
    endedBy: ["price.set", "price.removed", "connection.created", "connection.changed", "connection.deleted"],
  },
  /** The workspace's name: every page asks. */
  workspace: {
    inProcessMs: 15_000,
    mostInProcess: 10_000,
    inStoreMs: 0,
    endedBy: ["organization-known", "organization-gone", "member-known"],
  },
} as const satisfies Record<string, KeptPolicy>;

export type KeptName = keyof typeof KEPT;

/** A thing of a workspace that may be kept: what it is called there, and the shape it has in KV. */
export interface Keepable<T> {
  readonly kept: KeptName;
  readonly workspaceId: string;
  /** Which of several: a workflow's. */
  readonly name?: string;
  /** Its shape in KV; without one it is kept in the process alone. */
  readonly shape?: v.GenericSchema<unknown, T>;
}

/** The name under which it is kept, in the process and in KV. */
export const nameOf = ({ kept, workspaceId, name = "" }: Keepable<unknown>): string =>
  `${workspaceId} ${kept} ${name}`;

const ENDS: ReadonlySet<string> = new Set(Object.values(KEPT).flatMap(({ endedBy }) => endedBy));

/** Returns whether something kept is over when this has happened. */
export const isEnd = (event: string): boolean => ENDS.has(event);
