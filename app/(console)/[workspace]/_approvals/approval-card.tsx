"use client";
import { Hourglass } from "#/app/_ui/icons.tsx";
import type { ReactNode } from "react";
import type { Approval } from "#/operations/approvals/contract.ts";
import { ChangeList, readChanges } from "#/app/_ui/change-list.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";
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
        {approval.shown !== null && approval.shown !== undefined && (
          <div className="rounded-md border border-border bg-background px-4 py-2.5">
            <Shown value={approval.shown} />
          </div>
        )}
        {isOpen ? <DecisionForm approval={approval} /> : <DecisionSummary approval={approval} />}
      </div>
    </Card>
  );
}

function Shown({ value }: { readonly value: unknown }) {
  const changes = readChanges(value);
  return changes ? (
    <ChangeList changes={changes} />
  ) : (
    <RichValue value={value} what="what is to be decided on" />
  );
}
