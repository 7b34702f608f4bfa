"use client";
import { Bot, Hourglass, Workflow } from "#/app/_ui/icons.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { openProposal } from "#/app/_ui/proposal.ts";
import { ShownValue } from "#/app/_ui/shown-value.tsx";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { toLabel } from "#/lib/label.ts";
import { DecisionForm } from "../_approvals/decision-form.tsx";
import { WaitingAnswer } from "../_phone/queued-answers.tsx";
import { useWaitingAnswer } from "../_phone/use-decision-queue.ts";
import { DetailFrame } from "./detail-frame.tsx";
import type { InboxItem } from "#/operations/inbox/contract.ts";
import { useState } from "react";
import { EqualQuestions } from "./equal-questions.tsx";
import { findEqual, type Question } from "./inbox-items.ts";

interface QuestionDetailProps {
  readonly question: Question;
  readonly items: readonly InboxItem[];
  readonly place: string;
  readonly onBack: () => void;
}

/** A question in full: what is asked, what it rests on, and the answer, or why somebody else has to give it. */
export function QuestionDetail({ question, items, place, onBack }: QuestionDetailProps) {
  const { approval, refusal } = question;
  const [also, setAlso] = useState<readonly string[]>([]);
  const waiting = useWaitingAnswer(approval.id);
  const equal = refusal === null ? findEqual(question, items) : [];
  // The arguments of a tool call stand in their fields, beside what was proposed.
  const isShownByFields = refusal === null && openProposal(approval.form).isOpened;
  return (
    <DetailFrame
      label={`Approval: ${approval.title}`}
      badge={<StatusBadge status="waiting" waitingOn="approval" />}
      title={approval.title}
      facts={<Facts approval={approval} />}
      runId={approval.runId}
      place={place}
      onBack={onBack}
    >
      {approval.description && <p className="max-w-[66ch] text-read break-words">{approval.description}</p>}
      {!isShownByFields && <ShownValue value={approval.shown} />}
      {waiting && <WaitingAnswer answer={waiting} />}
      {waiting ? null : refusal === null ? (
        <>
          <EqualQuestions questions={equal} chosen={also} onChange={setAlso} />
          <DecisionForm
            approval={approval}
            layout="pane"
            also={equal.filter(({ id }) => also.includes(id)).map((other) => other.approval)}
          />
        </>
      ) : (
        <Notice tone="info" title="Somebody else has to decide">
          {refusal}
        </Notice>
      )}
    </DetailFrame>
  );
}

function Facts({ approval: { workflowName, step, requestedAt, dueAt } }: Pick<Question, "approval">) {
  return (
    <>
      <Fact icon={<Bot aria-hidden className="size-3.5" />}>{toLabel(step)}</Fact>
      <Fact icon={<Workflow aria-hidden className="size-3.5" />}>{workflowName ?? "A deleted workflow"}</Fact>
      <span>
        asked <RelativeTime at={requestedAt} />
      </span>
      {dueAt && (
        <span className="inline-flex items-center gap-1.5 font-medium text-wait-text">
          <Hourglass aria-hidden className="size-3.5" />
          <span>
            Decides itself <RelativeTime at={dueAt} />
          </span>
        </span>
      )}
    </>
  );
}

function Fact({ icon, children }: { readonly icon: React.ReactNode; readonly children: string }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <span className="text-ink-3">{icon}</span>
      <span className="truncate">{children}</span>
    </span>
  );
}
