/** The stages of reading a document into the workspace's knowledge. */
export const DOCUMENT_STATUSES = ["queued", "reading", "embedding", "ready", "failed"] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];
