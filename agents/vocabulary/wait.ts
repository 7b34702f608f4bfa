/** Waits that a definition asks for and the database stores. */
export const WAIT_KINDS = ["approval", "timer", "event", "child"] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

/** The kinds of things that hold a task: a stored wait, or the time until its next try. */
export const HOLD_KINDS = [...WAIT_KINDS, "retry"] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** `resolved`: answered, and not yet read by its run; `consumed`: read. */
export const WAIT_STATUSES = ["open", "resolved", "consumed"] as const;

/** `fail`: the first child run that fails ends the others; `collect`: all of them come to an end. */
export const CHILD_POLICIES = ["fail", "collect"] as const;
export type ChildPolicy = (typeof CHILD_POLICIES)[number];
