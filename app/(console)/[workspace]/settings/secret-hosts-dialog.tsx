"use client";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { Secret } from "#/operations/secrets/contract.ts";
import { useBindSecret } from "../_data/secrets.ts";
import { HostsField, hostsIn, hostsText } from "./hosts-field.tsx";

/** Says where a secret may be sent, without its value. */
export function SecretHostsDialog({
  secret,
  onClose,
}: {
  readonly secret: Secret | undefined;
  readonly onClose: () => void;
}) {
  return (
    <Dialog
      open={secret !== undefined}
      onClose={onClose}
      title={`Hosts for ${secret?.name ?? ""}`}
      description="From now on, steps only send the secret to these hosts."
    >
      {secret && <HostsForm secret={secret} onClose={onClose} />}
    </Dialog>
  );
}

function HostsForm({
  secret: { name, hosts },
  onClose,
}: {
  readonly secret: Secret;
  readonly onClose: () => void;
}) {
  const bind = useBindSecret();
  const [text, setText] = useState(hostsText(hosts));
  const save = () =>
    bind.mutate(
      { name, hosts: hostsIn(text) },
      {
        onSuccess: () => {
          toast.success(`Hosts for ${name} saved`);
          onClose();
        },
      },
    );
  return (
    <Form onSubmit={save} className="flex flex-col gap-3.5">
      <HostsField text={text} onChange={setText} />
      {bind.error && (
        <Notice tone="bad" title="Couldn’t save the hosts">
          {describeError(bind.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          pending={bind.isPending}
          disabled={hostsIn(text).length === 0}
        >
          Save
        </Button>
      </DialogActions>
    </Form>
  );
}
