import { actionLabel } from "#/app/_ui/decision-actions.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import { openProposal } from "#/app/_ui/proposal.ts";
import { ShownValue } from "#/app/_ui/shown-value.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import type { LinkedApproval } from "#/operations/approvals/decide-by-link.ts";
import { LinkDecisionForm } from "./link-decision.tsx";
import { OpenUntil, Trust } from "./trust.tsx";
import { WhoAsks } from "./who-asks.tsx";

interface LinkedQuestionProps {
  readonly linked: LinkedApproval;
  readonly token: string;
}

/** The question itself with its answer, and beside it what the link can do. */
export function LinkedQuestion({ linked, token }: LinkedQuestionProps) {
  const { approval, refusal } = linked;
  const canDecide = approval.status === "open" && refusal === undefined;
  // The arguments of a tool call stand in their fields, beside what was proposed.
  const isShownByFields = canDecide && openProposal(approval.form).isOpened;
  return (
    <div className="grid overflow-hidden border-y border-line bg-sheet md:grid-cols-[minmax(0,1fr)_18.5rem] md:rounded-xl md:border md:shadow-float">
      <section
        aria-label={approval.title}
        className="flex min-w-0 flex-col gap-4 px-4 py-5 md:gap-5 md:px-8 md:py-7"
      >
        <WhoAsks {...linked} />
        <div className="empty:hidden md:hidden">
          <OpenUntil linked={linked} />
        </div>
        <h1 className="text-xl font-semibold text-balance break-words">{approval.title}</h1>
        {approval.description && (
          <p className="max-w-[66ch] text-read break-words text-ink-2">{approval.description}</p>
        )}
        {!isShownByFields && <ShownValue value={approval.shown} />}
        <Answer linked={linked} token={token} />
      </section>
      <Trust linked={linked} />
    </div>
  );
}

function Answer({ linked: { approval, refusal }, token }: LinkedQuestionProps) {
  if (approval.status !== "open") return <Over approval={approval} />;
  if (refusal !== undefined)
    return (
      <Notice tone="info" title="Somebody else has to decide">
        {refusal}
      </Notice>
    );
  return (
    <LinkDecisionForm
      token={token}
      approvalId={approval.id}
      actions={approval.actions}
      subject={approval.subject}
      form={approval.form}
    />
  );
}

const WITHOUT_DECISION: Readonly<Partial<Record<LinkedApproval["approval"]["status"], string>>> = {
  expired: "Nobody answered in time",
  cancelled: "The question was withdrawn: its run has ended",
};

/** Says that there is nothing to answer any more, and why. */
function Over({ approval: { action, status, decidedAt, subject } }: Pick<LinkedApproval, "approval">) {
  return (
    <Notice
      tone="info"
      title={
        WITHOUT_DECISION[status] ??
        `Already answered: ${actionLabel(action ?? status, subject).toLowerCase()}`
      }
    >
      {decidedAt !== null && (
        <>
          That was <RelativeTime at={decidedAt} />.{" "}
        </>
      )}
      There is nothing left to do here.
    </Notice>
  );
}
