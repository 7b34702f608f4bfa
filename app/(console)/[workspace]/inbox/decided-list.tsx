"use client";
import { Inbox } from "#/app/_ui/icons.tsx";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import type { Approval } from "#/operations/approvals/contract.ts";
import { ApprovalCard } from "../_approvals/approval-card.tsx";
import { useApprovals } from "../_data/approvals.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";

/** The approvals that people have decided, the last first. */
export function DecidedList() {
  const { data, error, isPending, refetch } = useApprovals("decided");
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="approvals" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <EmptyState icon={Inbox} title="No decisions yet">
        Decided approvals appear here with who decided, when, and their comment.
      </EmptyState>
    );
  return (
    <div className="h-full overflow-y-auto">
      <div className="flex max-w-4xl flex-col gap-4 p-4 md:px-5">
        {data.items.map((approval) => (
          <ApprovalCard key={approval.id} approval={approval} origin={<Origin approval={approval} />} />
        ))}
      </div>
    </div>
  );
}

function Origin({ approval }: { readonly approval: Approval }) {
  const path = useWorkspacePath();
  return (
    <RowLink
      href={path("runs", approval.runId)}
      className="font-medium text-primary underline underline-offset-2"
    >
      {approval.workflowName ?? "Run"}
    </RowLink>
  );
}
