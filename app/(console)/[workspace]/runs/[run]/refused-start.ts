import type { RunError } from "#/operations/runs/contract.ts";

const REFUSALS: ReadonlySet<string> = new Set(["invalid-input", "not-published", "workflow-not-found"]);

/** Returns whether a run was kept only to say why it could not start: its error belongs to no step. */
export function isRefusedStart(error: RunError | null): boolean {
  return error !== null && error.step === undefined && REFUSALS.has(error.code);
}
