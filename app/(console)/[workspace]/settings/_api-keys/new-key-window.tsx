"use client";
import { useState } from "react";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { Field, Input } from "#/app/_ui/field.tsx";
import { Plus } from "#/app/_ui/icons.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { writeMoment } from "#/app/_ui/time.tsx";
import type { CreatedApiKey } from "#/operations/api-keys/contract.ts";
import { useRefreshApiKeys } from "../../_data/api-keys.ts";
import { AnswerDone } from "../../_form/answer-done.tsx";
import { type FormFieldsProps, FormWindow } from "../../_form/form-window.tsx";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { createKey } from "../actions.ts";
import { ExpiryField } from "./expiry-field.tsx";
import { findLack, type KeyDraft, restoreKey, writeEnd } from "./key-draft.ts";
import { findEnd } from "./key-expiry.ts";
import { describeReach } from "./key-scopes.ts";
import { PermissionsField } from "./permissions-field.tsx";
import { WorkflowsField } from "./workflows-field.tsx";

/** Makes an API key and shows it, once. */
export function NewKeyWindow() {
  const refresh = useRefreshApiKeys();
  return (
    <FormWindow
      button={{
        variant: "primary",
        children: (
          <>
            <Plus aria-hidden /> New key
          </>
        ),
      }}
      action={createKey}
      place="settings#new-key"
      title="New API key"
      submit="Create key"
      isOnce
      done="Key created"
      onDone={refresh}
      answered={{ title: "Your new API key", show: showKey }}
    >
      {(fields) => <KeyFields {...fields} />}
    </FormWindow>
  );
}

function KeyFields({ state: { values, problems }, onLack }: FormFieldsProps) {
  const { isPlain } = useWorkspace();
  const [draft, setDraft] = useState<KeyDraft>(() => restoreKey(values));
  const [openedAt] = useState(() => Date.now());
  const change = (changed: Partial<KeyDraft>) => {
    const next = { ...draft, ...changed };
    setDraft(next);
    onLack(findLack(next, openedAt));
  };
  return (
    <>
      <Field label="Name" hint="What will use it, such as “Nightly import”." error={problems["name"]}>
        {(wiring) => (
          <Input
            {...wiring}
            name="name"
            value={draft.name}
            maxLength={120}
            autoComplete="off"
            onChange={({ target }) => change({ name: target.value })}
          />
        )}
      </Field>
      <PermissionsField draft={draft} error={problems["scopes"]} onChange={change} />
      <WorkflowsField draft={draft} onChange={change} />
      <ExpiryField draft={draft} now={openedAt} error={problems["expiresAt"]} onChange={change} />
      {/* Days are counted from here. The server's moment stays where scripts take over a page. */}
      <input type="hidden" name="openedAt" defaultValue={openedAt} suppressHydrationWarning />
      {!isPlain && <input type="hidden" name="expiresAt" value={writeEnd(findEnd(draft, openedAt))} />}
    </>
  );
}

interface CreatedProps {
  readonly apiKey: CreatedApiKey;
  readonly onClose: (() => void) | undefined;
}

const showKey = (apiKey: CreatedApiKey, onClose: CreatedProps["onClose"]) => (
  <Created apiKey={apiKey} onClose={onClose} />
);

const focusOn = (place: HTMLElement | null) => place?.focus();

/** The key itself. The focus is beside it and not on the button that closes: nobody closes it with one Enter too many. */
function Created({ apiKey, onClose }: CreatedProps) {
  const { expiresAt } = apiKey;
  return (
    <div ref={focusOn} tabIndex={-1} className="flex flex-col gap-3.5 outline-none">
      <Notice tone="warn" title="Copy it now. It won’t be shown again." />
      <CodeBlock code={apiKey.key} what="API key" />
      <p className="text-muted-foreground">
        {describeReach(apiKey)} ·{" "}
        {expiresAt === null ? "never expires" : `works until ${writeMoment(Date.parse(expiresAt))}`}
      </p>
      <AnswerDone home="settings#api-keys" onClose={onClose}>
        I have copied it
      </AnswerDone>
    </div>
  );
}
