export const WORKFLOW_KINDS = ["direct", "crew", "graph"] as const;
export type WorkflowKind = (typeof WORKFLOW_KINDS)[number];

/** Kinds of programs that a run can be of: a workflow's, or the reading of a document. */
export const PROGRAM_KINDS = [...WORKFLOW_KINDS, "ingest"] as const;
