"use client";
import { useState } from "react";
import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import type { MadeDecision } from "#/app/_ui/decision-draft.ts";
import { DecisionForm } from "#/app/_ui/decision-form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { LinkDecision } from "#/operations/approvals/decide-by-link.ts";
import { decideByLink } from "./decide.ts";

interface LinkDecisionProps {
  readonly token: string;
  readonly approvalId: string;
  readonly actions: readonly string[];
  readonly subject: ApprovalSubject;
  readonly form: Readonly<Record<string, unknown>> | null;
}

const NOT_REACHED: LinkDecision = {
  ok: false,
  message: "The server can’t be reached. Check your connection and try again.",
};

/** The decision of an approval, for somebody without an account. */
export function LinkDecisionForm({ token, approvalId, actions, subject, form }: LinkDecisionProps) {
  const [answer, setAnswer] = useState<LinkDecision>();
  if (answer?.ok)
    return (
      <Notice tone="info" title="Thank you. Your decision has been recorded.">
        The run continues. This link can’t be used again.
      </Notice>
    );
  const send = async (decision: MadeDecision) => {
    const given = await decideByLink(token, decision).catch(() => NOT_REACHED);
    setAnswer(given);
    return given.ok ? "decided" : (given.problems ?? []);
  };
  return (
    <DecisionForm
      layout="explained"
      name={approvalId}
      actions={actions}
      subject={subject}
      form={form}
      onDecide={send}
      refusal={answer?.message}
    />
  );
}
