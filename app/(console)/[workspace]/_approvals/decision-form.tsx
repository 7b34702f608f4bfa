"use client";
import { type LucideIcon, Check, ChevronsUp, Link as LinkIcon, MessageSquare, Pencil, RotateCw, X } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { takesValues } from "#/agents/engine/approval-values.ts";
import type { Approval } from "#/app/api/v1/approvals/contract.ts";
import { ApiError, messageOf } from "#/app/_ui/api-error.ts";
import { Button, type ButtonProps } from "#/app/_ui/button.tsx";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { fieldsOf, initialDraft, problemsByField } from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { readForm } from "#/app/_ui/schema-reader.ts";
import { useApprovalLink, useDecide } from "../_data/approvals.ts";
import { actionLabel, actionName } from "./action-label.ts";

interface ActionLook {
  readonly icon: LucideIcon;
  readonly variant: ButtonProps["variant"];
}

const ACTION_LOOK: Readonly<Record<string, ActionLook>> = {
  approve: { icon: Check, variant: "primary" },
  edit: { icon: Pencil, variant: "outline" },
  reject: { icon: X, variant: "danger" },
  // What a budget and a write in doubt ask.
  raise: { icon: ChevronsUp, variant: "primary" },
  stop: { icon: X, variant: "danger" },
  sent: { icon: Check, variant: "outline" },
  not_sent: { icon: X, variant: "outline" },
  retry: { icon: RotateCw, variant: "outline" },
};

/** Keeps what people type, and sends the action they choose with it. */
function useDecision(approval: Approval) {
  // The values belong to the action "edit" where there is one; then they are asked for only by it.
  const hasEdit = approval.form !== null && approval.actions.includes("edit");
  const fields = fieldsOf(approval.form);
  const decide = useDecide(approval.id);
  const [draft, setDraft] = useState(() => initialDraft(fields));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [editing, setEditing] = useState(!hasEdit && fields.length > 0);
  const [comment, setComment] = useState("");

  const send = (action: string) => {
    const asked = takesValues(approval.actions, action) ? fields : [];
    const read = readForm(asked, draft);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    const values = asked.length > 0 ? { values: read.values } : {};
    const words = comment.trim() === "" ? {} : { comment: comment.trim() };
    decide.mutate(
      { action, ...values, ...words },
      {
        onSuccess: () => toast.success(`${actionLabel(action)}. The run has been told.`),
        onError: (error) => setErrors(error instanceof ApiError ? problemsByField(error.problems, fields) : {}),
      },
    );
  };
  return { hasEdit, fields, draft, setDraft, errors, editing, setEditing, comment, setComment, decide, send };
}

/** The buttons of an open approval with the fields of its form and a comment. */
export function DecisionForm({ approval }: { readonly approval: Approval }) {
  const { hasEdit, fields, draft, setDraft, errors, editing, setEditing, comment, setComment, decide, send } = useDecision(approval);
  const [commenting, setCommenting] = useState(false);
  const isEditing = hasEdit && editing;
  const actions = isEditing ? ["edit"] : approval.actions;
  return (
    <div className="flex flex-col gap-3.5">
      {editing && <SchemaForm fields={fields} draft={draft} errors={errors} onChange={setDraft} />}
      {commenting && (
        <Field label="Comment" optional hint="Kept with the decision; the workflow can read it.">
          {(wiring) => <TextArea {...wiring} value={comment} onChange={({ target }) => setComment(target.value)} />}
        </Field>
      )}
      {decide.error && <Notice tone="bad" title="The decision was not taken">{messageOf(decide.error)}</Notice>}
      <div className="flex flex-wrap items-center gap-2">
        {actions.map((action) => (
          <ActionButton
            key={action}
            action={action}
            label={isEditing ? "Save and approve" : actionName(action)}
            emphasized={isEditing}
            pending={decide.isPending && decide.variables.action === action}
            disabled={decide.isPending || decide.isSuccess}
            onPress={() => (action === "edit" && hasEdit && !editing ? setEditing(true) : send(action))}
          />
        ))}
        {isEditing && <Button onClick={() => setEditing(false)}>Back</Button>}
        {!commenting && (
          <Button variant="ghost" onClick={() => setCommenting(true)}>
            <MessageSquare aria-hidden /> Add a comment
          </Button>
        )}
        <CopyLinkButton approvalId={approval.id} />
      </div>
    </div>
  );
}

/** For somebody without an account: the link decides once. */
function CopyLinkButton({ approvalId }: { readonly approvalId: string }) {
  const link = useApprovalLink(approvalId);
  const copy = () =>
    link.mutate(undefined, {
      onSuccess: ({ url }) => navigator.clipboard.writeText(url).then(() => toast.success("Link copied. Whoever has it can decide, once, for three days."), () => toast.message(url)),
      onError: (error) => toast.error(messageOf(error)),
    });
  return (
    <Button variant="ghost" pending={link.isPending} onClick={copy}>
      <LinkIcon aria-hidden /> Copy link
    </Button>
  );
}

interface ActionButtonProps {
  readonly action: string;
  readonly label: string;
  readonly emphasized: boolean;
  readonly pending: boolean;
  readonly disabled: boolean;
  readonly onPress: () => void;
}

function ActionButton({ action, label, emphasized, pending, disabled, onPress }: ActionButtonProps) {
  const look = ACTION_LOOK[action];
  const Icon = look?.icon;
  return (
    <Button variant={emphasized ? "primary" : look?.variant} pending={pending} disabled={disabled} onClick={onPress}>
      {Icon && <Icon aria-hidden />}
      {label}
    </Button>
  );
}
