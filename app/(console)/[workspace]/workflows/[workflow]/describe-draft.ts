import type { Workflow } from "#/operations/workflows/contract.ts";

/** Says which version of a workflow is published, if one is. */
export const describeDraft = ({ publishedVersion }: Workflow): string =>
  publishedVersion === null ? "Draft only" : `Published v${publishedVersion}`;
