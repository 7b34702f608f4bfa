"use client";
import { Link as LinkIcon } from "#/app/_ui/icons.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Approval } from "#/operations/approvals/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { actionLabel } from "#/app/_ui/decision-actions.ts";
import type { MadeDecision } from "#/app/_ui/decision-draft.ts";
import { DecisionForm as Form } from "#/app/_ui/decision-form.tsx";
import { useApprovalLink, useDecide } from "../_data/approvals.ts";

interface DecisionFormProps {
  readonly approval: Approval;
  /** Place of the buttons: in a row, or below a pane, with their keys. */
  readonly layout?: "row" | "pane";
}

/** The decision of an open approval, as a member of the workspace makes it. */
export function DecisionForm({ approval, layout = "row" }: DecisionFormProps) {
  const decide = useDecide(approval.id);
  const send = async (decision: MadeDecision) => {
    try {
      await decide.mutateAsync(decision);
      toast.success(`${actionLabel(decision.action)}. The run has been notified.`);
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
      form={approval.form}
      onDecide={send}
      isDecided={decide.isSuccess}
      refusal={decide.error ? describeError(decide.error) : undefined}
    >
      <CopyLinkButton approvalId={approval.id} />
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
