/** `expired`: its time ran out and the default was taken; `cancelled`: its run ended before anybody decided. */
export const APPROVAL_STATUSES = ["open", "decided", "expired", "cancelled"] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** The subjects that an approval can decide on: a step, a tool call, a tool that is not what it was, a side effect of unknown outcome, a budget that is used up, an agent that has used its turns, its rounds, or its own budget. */
export const APPROVAL_SUBJECTS = [
  "step",
  "tool",
  "tool_change",
  "side_effect",
  "budget",
  "turns",
  "rounds",
  "agent_budget",
] as const;
export type ApprovalSubject = (typeof APPROVAL_SUBJECTS)[number];
