/** Who shares what is remembered: every workflow of the workspace, the runs of one workflow, or one agent of a workflow. */
export const MEMORY_SCOPES = ["workspace", "workflow", "agent"] as const;
export type MemoryScope = (typeof MEMORY_SCOPES)[number];

/** The longest key of a person or a conversation, and the longest fact. */
export const LONGEST_SUBJECT = 200;
export const LONGEST_FACT = 2000;

/** Facts of this importance are told whatever is asked, from 1 to 10. */
export const ALWAYS_MATTERS = 9;

/** The most facts of one place that hold, and the most that are kept of those that hold no more. */
export const MOST_FACTS = 1000;
