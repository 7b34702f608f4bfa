/** Writes to the outside world that the database keeps book of. */
export const SIDE_EFFECT_KINDS = ["http", "tool"] as const;
export type SideEffectKind = (typeof SIDE_EFFECT_KINDS)[number];

/** `unknown` waits for a person's word; `assumed` and `not_sent` are that word. */
export const SIDE_EFFECT_STATES = ["pending", "sent", "failed", "unknown", "assumed", "not_sent"] as const;
export type SideEffectState = (typeof SIDE_EFFECT_STATES)[number];
