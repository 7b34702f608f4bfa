"use client";
import { Eye, EyeOff } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input, TextArea } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { Secret } from "#/operations/secrets/contract.ts";
import { usePutSecret } from "../_data/secrets.ts";
import { HostsField, hostsIn, hostsText } from "./hosts-field.tsx";

interface SecretDialogProps {
  readonly open: boolean;
  /** The secret whose value is replaced; absent for a new one. */
  readonly secret?: Secret | undefined;
  readonly onClose: () => void;
}

/** Sets a secret, or another value for one. */
export function SecretDialog({ open, secret, onClose }: SecretDialogProps) {
  const name = secret?.name;
  const title = name === undefined ? "New secret" : `Replace ${name}`;
  const description =
    name === undefined
      ? "The value is encrypted and never shown again."
      : "Steps will use the new value from now on.";
  return (
    <Dialog open={open} onClose={onClose} title={title} description={description}>
      <SecretForm replaced={secret} onClose={onClose} />
    </Dialog>
  );
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const NAME_RULE = "Up to 64 letters, digits and underscores, not starting with a digit.";

function SecretForm({
  replaced,
  onClose,
}: {
  readonly replaced: Secret | undefined;
  readonly onClose: () => void;
}) {
  const put = usePutSecret();
  const [name, setName] = useState(replaced?.name ?? "");
  const [value, setValue] = useState("");
  const [hosts, setHosts] = useState(hostsText(replaced?.hosts));
  const isComplete = NAME.test(name) && value !== "" && hostsIn(hosts).length > 0;
  const save = () =>
    put.mutate(
      { name, value, hosts: hostsIn(hosts) },
      {
        onSuccess: () => {
          toast.success(`${name} is set`);
          onClose();
        },
      },
    );
  return (
    <Form onSubmit={save} className="flex flex-col gap-3.5">
      {replaced === undefined && <NameField name={name} onChange={setName} />}
      <ValueField value={value} onChange={setValue} />
      <HostsField text={hosts} onChange={setHosts} />
      {put.error && (
        <Notice tone="bad" title="Couldn’t save the secret">
          {describeError(put.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={put.isPending} disabled={!isComplete}>
          {replaced === undefined ? "Save secret" : "Replace"}
        </Button>
      </DialogActions>
    </Form>
  );
}

function NameField({ name, onChange }: { readonly name: string; readonly onChange: (name: string) => void }) {
  const isNamed = NAME.test(name);
  return (
    <Field
      label="Name"
      hint={
        isNamed ? (
          <>Steps write {`{{ secrets.${name} }}`}. An existing secret of this name is replaced.</>
        ) : (
          NAME_RULE
        )
      }
      error={name !== "" && !isNamed ? NAME_RULE : undefined}
    >
      {(wiring) => (
        <Input
          {...wiring}
          value={name}
          autoComplete="off"
          spellCheck={false}
          placeholder="PAYMENTS_KEY"
          className="font-mono"
          onChange={({ target }) => onChange(target.value.trim())}
        />
      )}
    </Field>
  );
}

/** Several lines, because keys have them; dots unless somebody wants to see what they write. */
function ValueField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [isShown, setShown] = useState(false);
  return (
    <div className="relative">
      <Field label="Value">
        {(wiring) => (
          <TextArea
            {...wiring}
            value={value}
            autoComplete="off"
            spellCheck={false}
            className={cn("font-mono", !isShown && "[-webkit-text-security:disc]")}
            onChange={({ target }) => onChange(target.value)}
          />
        )}
      </Field>
      <Button
        variant="ghost"
        aria-pressed={isShown}
        className="absolute -top-1.5 right-0 h-7 px-2 text-xs"
        onClick={() => setShown(!isShown)}
      >
        {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />} {isShown ? "Hide" : "Show"}
      </Button>
    </div>
  );
}
