"use client";
import { Fragment, useState } from "react";
import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Key } from "#/app/_ui/key.tsx";
import { actionName, consequenceOf, keyOfAction, lookOfAction } from "#/app/_ui/decision-actions.ts";

/** The state and the verb that all buttons of a decision share. */
interface Sending {
  /** The action that is on its way. */
  readonly sending: string | undefined;
  readonly disabled: boolean;
  readonly send: (action: string) => Promise<void>;
  /** The buttons name their keys, which whoever shows the form listens to. */
  readonly hasKeys: boolean;
}

interface ActionButtonsProps extends Sending {
  readonly actions: readonly string[];
  readonly subject?: ApprovalSubject | undefined;
  /** Each action has a line that says what happens then. */
  readonly isExplained: boolean;
  /** Number of proposed values that are changed: approving sends them. */
  readonly changes: number;
  /** Opens the fields of “edit”. Without it, the action is sent. */
  readonly onEdit: (() => void) | undefined;
}

/** A button for each action. */
export function ActionButtons({
  actions,
  subject,
  isExplained,
  changes,
  onEdit,
  ...sending
}: ActionButtonsProps) {
  return actions.map((action) => (
    <Fragment key={action}>
      <ActionButton
        {...sending}
        action={action}
        isTall={isExplained}
        changes={changes}
        onPress={action === "edit" ? onEdit : undefined}
      />
      {isExplained && (
        <p className="text-xs text-ink-2 max-sm:pb-1 max-sm:text-center">
          {consequenceOf(action === "approve" && changes > 0 ? "edit" : action, subject)}
        </p>
      )}
    </Fragment>
  ));
}

interface ActionButtonProps extends Sending {
  readonly action: string;
  readonly isTall: boolean;
  readonly changes: number;
  readonly onPress: (() => void) | undefined;
}

function ActionButton({ action, changes, isTall, onPress, ...shared }: ActionButtonProps) {
  const { sending, disabled, send, hasKeys } = shared;
  const isChanged = action === "approve" && changes > 0;
  const sent = isChanged ? "edit" : action;
  return (
    <Button
      variant={lookOfAction(action)?.variant}
      size={hasKeys ? "md" : undefined}
      className={isTall ? "h-9 justify-start max-sm:h-12 max-sm:justify-center" : undefined}
      data-key={keyOfAction(action)}
      pending={sending === sent}
      disabled={disabled || sending !== undefined}
      onClick={onPress ?? (() => void send(sent))}
    >
      <ActionIcon action={action} />
      {isChanged ? `Approve with ${countOf(changes)}` : actionName(action)}
      {hasKeys && <Key name={keyOfAction(action)} />}
    </Button>
  );
}

const countOf = (changes: number) => (changes === 1 ? "1 change" : `${changes} changes`);

function ActionIcon({ action }: { readonly action: string }) {
  const Icon = lookOfAction(action)?.icon;
  return Icon && <Icon aria-hidden />;
}

interface EditButtonsProps extends Sending {
  readonly changes: number;
  readonly onBack: () => void;
}

/** The buttons while something is edited. What has not been changed is not saved as an edit: a second press of “Edit” lands here. */
export function EditButtons({ sending, disabled, send, hasKeys, changes, onBack }: EditButtonsProps) {
  const [isTold, setTold] = useState(false);
  const isChanged = changes > 0;
  return (
    <>
      {isTold && !isChanged && (
        <output className="basis-full text-warn">
          No changes yet. Edit something, or go back and approve it as is.
        </output>
      )}
      <Button
        key="save"
        variant="primary"
        size={hasKeys ? "md" : undefined}
        data-key="a"
        pending={sending === "edit"}
        disabled={disabled || sending !== undefined}
        onClick={() => (isChanged ? void send("edit") : setTold(true))}
      >
        Save and approve
        {hasKeys && <Key name="a" />}
      </Button>
      <Button key="back" size={hasKeys ? "md" : undefined} disabled={sending !== undefined} onClick={onBack}>
        {isChanged ? "Discard changes" : "Back"}
      </Button>
    </>
  );
}
