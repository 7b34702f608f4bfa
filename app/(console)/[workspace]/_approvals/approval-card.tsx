"use client";
import { Hourglass } from "#/app/_ui/icons.tsx";
import type { ReactNode } from "react";
import type { Approval } from "#/operations/approvals/contract.ts";
import { Card } from "#/app/_ui/card.tsx";
import { openProposal } from "#/app/_ui/proposal.ts";
import { ShownValue } from "#/app/_ui/shown-value.tsx";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { DecisionSummary } from "./decision-summary.tsx";

interface ApprovalCardProps {
  readonly approval: Approval;
  /** Shown beside the title: where it comes from, when that is not clear from the page. */
  readonly origin?: ReactNode;
}

/** A question to a person: what it is about, and the decision, to make or made. */
export function ApprovalCard({ approval, origin }: ApprovalCardProps) {
  const isOpen = approval.status === "open";
  // The arguments of a tool call stand in their fields, beside what was proposed.
  const isShownByFields = isOpen && openProposal(approval.form).isOpened;
  return (
    <Card aria-label={`Approval: ${approval.title}`} className={isOpen ? "border-warn/50" : ""}>
      <header className="flex items-start justify-between gap-4 border-b border-border px-4 py-3">
        <div className="min-w-0">
          <h2 className="font-semibold text-balance">{approval.title}</h2>
          {approval.description && <p className="text-muted-foreground">{approval.description}</p>}
          <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-muted-foreground">
            {origin}
            <span>
              Asked <RelativeTime at={approval.requestedAt} />
            </span>
            {isOpen && approval.dueAt && (
              <span className="inline-flex items-center gap-1">
                <Hourglass aria-hidden className="size-3" /> decides itself{" "}
                <RelativeTime at={approval.dueAt} />
              </span>
            )}
          </p>
        </div>
        <StatusBadge
          status={
            approval.status === "decided" && approval.action === "reject" ? "rejected" : approval.status
          }
        />
      </header>
      <div className="flex flex-col gap-4 p-4">
        {!isShownByFields && <ShownValue value={approval.shown} />}
        {isOpen ? <DecisionForm approval={approval} /> : <DecisionSummary approval={approval} />}
      </div>
    </Card>
  );
}
