import { RelativeTime } from "#/app/_ui/time.tsx";
import type { LinkedApproval } from "#/operations/approvals/decide-by-link.ts";

/** The person and the workspace behind a question, and the workflow that has it. */
export function WhoAsks({ approval, workspaceName, askedBy }: LinkedApproval) {
  const { status, workflowName, requestedAt } = approval;
  return (
    <div className="flex items-center gap-3">
      <span
        aria-hidden
        className="grid size-10 shrink-0 place-items-center bg-accent-soft text-base font-semibold text-accent-text pebble"
      >
        {workspaceName.slice(0, 1).toUpperCase()}
      </span>
      <div className="min-w-0 break-words">
        <p className="text-ink-2">
          <b className="font-semibold text-ink">
            {askedBy === undefined ? workspaceName : `${askedBy} at ${workspaceName}`}
          </b>{" "}
          {status === "open" ? "asks you to decide" : "has asked"}
        </p>
        <p className="text-xs text-ink-3">
          {workflowName === null ? "by a workflow" : `by the workflow ${workflowName}`},{" "}
          <RelativeTime at={requestedAt} />
        </p>
      </div>
    </div>
  );
}
