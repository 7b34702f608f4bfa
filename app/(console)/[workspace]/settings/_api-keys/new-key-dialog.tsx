"use client";
import { useState } from "react";
import { describeError, writeSentence } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { writeMoment } from "#/app/_ui/time.tsx";
import type { CreatedApiKey } from "#/operations/api-keys/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useCreateApiKey } from "../../_data/api-keys.ts";
import { ExpiryField } from "./expiry-field.tsx";
import { findLack, type KeyDraft, NEW_KEY, readKey } from "./key-draft.ts";
import { describeReach } from "./key-scopes.ts";
import { PermissionsField } from "./permissions-field.tsx";
import { WorkflowsField } from "./workflows-field.tsx";

interface NewKeyDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Makes an API key and shows it, once. */
export function NewKeyDialog({ open, onClose }: NewKeyDialogProps) {
  const create = useCreateApiKey();
  const close = () => {
    create.reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={create.data ? "Your new API key" : "New API key"}
      persistent={create.isSuccess || create.isPending}
    >
      {create.data ? (
        <Created apiKey={create.data} onClose={close} />
      ) : (
        <NewKey create={create} onClose={close} />
      )}
    </Dialog>
  );
}

interface NewKeyProps {
  readonly create: ReturnType<typeof useCreateApiKey>;
  readonly onClose: () => void;
}

function NewKey({ create, onClose }: NewKeyProps) {
  const [draft, setDraft] = useState<KeyDraft>(NEW_KEY);
  const [openedAt] = useState(() => Date.now());
  const change = (changed: Partial<KeyDraft>) => setDraft((before) => ({ ...before, ...changed }));
  const lack = findLack(draft, openedAt);
  const problemAt = findProblems(create.error);
  return (
    <Form
      onSubmit={() => lack === undefined && create.mutate(readKey(draft, Date.now()))}
      className="flex flex-col gap-3.5"
    >
      <Field label="Name" hint="What will use it, such as “Nightly import”." error={problemAt("name")}>
        {(wiring) => (
          <Input
            {...wiring}
            value={draft.name}
            maxLength={120}
            autoComplete="off"
            onChange={({ target }) => change({ name: target.value })}
          />
        )}
      </Field>
      <PermissionsField draft={draft} error={problemAt("scopes")} onChange={change} />
      <WorkflowsField draft={draft} onChange={change} />
      <ExpiryField draft={draft} now={openedAt} error={problemAt("expiresAt")} onChange={change} />
      {create.error && (
        <Notice tone="bad" title="Couldn’t create the key">
          {describeError(create.error)}
        </Notice>
      )}
      <DialogActions>
        {draft.name.trim() !== "" && lack && (
          <output className="mr-auto self-center text-xs text-muted-foreground">{lack}</output>
        )}
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={create.isPending} disabled={lack !== undefined}>
          Create key
        </Button>
      </DialogActions>
    </Form>
  );
}

/** Finds what the API has said about a field. */
function findProblems(error: unknown): (field: string) => string | undefined {
  const problems = error instanceof ApiError ? error.problems : [];
  return (field) => {
    const problem = problems.find(({ path }) => path.startsWith(`/${field}`));
    return problem && writeSentence(problem);
  };
}

const focusOn = (place: HTMLElement | null) => place?.focus();

/** The key itself. The focus is beside it and not on the button that closes: nobody closes it with one Enter too many. */
function Created({ apiKey, onClose }: { readonly apiKey: CreatedApiKey; readonly onClose: () => void }) {
  const { expiresAt } = apiKey;
  return (
    <div ref={focusOn} tabIndex={-1} className="flex flex-col gap-3.5 outline-none">
      <Notice tone="warn" title="Copy it now. It won’t be shown again." />
      <CodeBlock code={apiKey.key} what="API key" />
      <p className="text-muted-foreground">
        {describeReach(apiKey)} ·{" "}
        {expiresAt === null ? "never expires" : `works until ${writeMoment(Date.parse(expiresAt))}`}
      </p>
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      </DialogActions>
    </div>
  );
}
