"use client";
import { Link as LinkIcon } from "#/app/_ui/icons.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import type { Approval } from "#/operations/approvals/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { actionLabel } from "#/app/_ui/decision-actions.ts";
import type { MadeDecision } from "#/app/_ui/decision-draft.ts";
import { DecisionForm as Form } from "#/app/_ui/decision-form.tsx";
import { useApprovalLink, useDecide, useDecideMany } from "../_data/approvals.ts";

/** What no link opens. */
const FOR_ADMINS: ReadonlySet<ApprovalSubject> = new Set(["tool_change"]);

const NONE: readonly Approval[] = [];

interface DecisionFormProps {
  readonly approval: Approval;
  /** Place of the buttons: in a row, or below a pane, with their keys. */
  readonly layout?: "row" | "pane";
  /** Other approvals that get the same answer. An edit is for this one alone. */
  readonly also?: readonly Approval[];
}

/** The decision of an open approval, as a member of the workspace makes it. */
export function DecisionForm({ approval, layout = "row", also = NONE }: DecisionFormProps) {
  const decide = useDecide(approval, also);
  const others = useDecideMany();
  const answerOthers = async (decision: MadeDecision) => {
    const refused = await others
      .mutateAsync({ ...decision, ids: also.map(({ id }) => id) })
      .catch(() => undefined);
    if (refused === undefined) toast.error(`The other ${also.length} could not be answered. Try again.`);
    else if (refused.length === 0)
      toast.success(`${actionLabel(decision.action, approval.subject)}, ${also.length + 1} questions.`);
    else
      toast.error(
        `${refused.length} of ${also.length + 1} could not be answered: ${refused[0]?.refusal ?? ""}`,
      );
  };
  const send = async (decision: MadeDecision) => {
    try {
      const became = await decide.mutateAsync(decision);
      if (became === "queued")
        toast.message(
          `${actionLabel(decision.action, approval.subject)}: sent as soon as there is a network.`,
        );
      else if (also.length === 0 || decision.action === "edit")
        toast.success(`${actionLabel(decision.action, approval.subject)}. The run has been notified.`);
      else await answerOthers(decision);
      return "decided" as const;
    } catch (error) {
      return error instanceof ApiError ? error.problems : [];
    }
  };
  return (
    <Form
      layout={layout}
      name={approval.id}
      actions={approval.actions}
      subject={approval.subject}
      form={approval.form}
      onDecide={send}
      isDecided={decide.isSuccess}
      refusal={decide.error ? describeError(decide.error) : undefined}
    >
      {!FOR_ADMINS.has(approval.subject) && <CopyLinkButton approvalId={approval.id} />}
    </Form>
  );
}

/** For somebody without an account: the link decides once. */
function CopyLinkButton({ approvalId }: { readonly approvalId: string }) {
  const link = useApprovalLink(approvalId);
  const copy = () =>
    link.mutate(undefined, {
      onSuccess: ({ url }) =>
        navigator.clipboard.writeText(url).then(
          () => toast.success("Link copied. Anyone with it can decide, once, for three days."),
          () => toast.message(url),
        ),
      onError: (error) => toast.error(describeError(error)),
    });
  return (
    <Button variant="ghost" pending={link.isPending} onClick={copy}>
      <LinkIcon aria-hidden /> Copy link
    </Button>
  );
}
