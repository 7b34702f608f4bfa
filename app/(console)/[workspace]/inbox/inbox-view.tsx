"use client";
import { Inbox } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import type { Approval } from "#/operations/approvals/contract.ts";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { Tabs } from "#/app/_ui/tabs.tsx";
import { ApprovalCard } from "../_approvals/approval-card.tsx";
import { useApprovals } from "../_data/approvals.ts";
import type { ApprovalStatus } from "../_data/queries.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";

/** Everything that waits for a person, and what people have decided. */
export function InboxView() {
  const router = useRouter();
  const pathname = usePathname();
  const tab = useSearchParams().get("tab") === "decided" ? "decided" : "open";
  return (
    <>
      <PageHeader
        title="Inbox"
        description="Runs waiting for a decision. They wait until someone decides or the approval times out."
      />
      <Tabs
        label="Approvals"
        value={tab}
        onChange={(value) =>
          router.replace(value === "open" ? pathname : `${pathname}?tab=${value}`, { scroll: false })
        }
        tabs={[
          { value: "open", label: "Open", content: <ApprovalList status="open" /> },
          { value: "decided", label: "Decided", content: <ApprovalList status="decided" /> },
        ]}
      />
    </>
  );
}

function ApprovalList({ status }: { readonly status: ApprovalStatus }) {
  const { data, error, isPending, refetch } = useApprovals(status);
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="approvals" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return status === "open" ? (
      <EmptyState icon={Inbox} title="Nothing is waiting for you">
        When a workflow reaches an approval step, its question appears here and on the run’s page.
      </EmptyState>
    ) : (
      <EmptyState icon={Inbox} title="No decisions yet">
        Decided approvals appear here with who decided, when, and their comment.
      </EmptyState>
    );
  }
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      {data.items.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} origin={<Origin approval={approval} />} />
      ))}
    </div>
  );
}

function Origin({ approval }: { readonly approval: Approval }) {
  const path = useWorkspacePath();
  return (
    <Link
      href={path("runs", approval.runId)}
      className="font-medium text-primary underline underline-offset-2"
    >
      {approval.workflowName ?? "Run"}
    </Link>
  );
}
