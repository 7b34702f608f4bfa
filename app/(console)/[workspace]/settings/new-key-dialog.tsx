"use client";
import { useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useCreateApiKey } from "../_data/api-keys.ts";

const SCOPES = [
  { scope: "run", about: "Start and follow runs" },
  { scope: "read", about: "Read only" },
  { scope: "write", about: "Everything except keys" },
  { scope: "admin", about: "Everything" },
] as const;
type OfferedScope = (typeof SCOPES)[number]["scope"];

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
    <Dialog open={open} onClose={close} title="New API key" persistent={create.isSuccess || create.isPending}>
      {create.data ? (
        <Created apiKey={create.data.key} onClose={close} />
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
  const [name, setName] = useState("");
  const [scope, setScope] = useState<OfferedScope>("run");
  return (
    <Form
      onSubmit={() => create.mutate({ name: name.trim(), scopes: [scope] })}
      className="flex flex-col gap-3.5"
    >
      <Field label="Name" hint="What will use it, such as “Nightly import”.">
        {(wiring) => <Input {...wiring} value={name} onChange={({ target }) => setName(target.value)} />}
      </Field>
      <Field label="Permissions">
        {(wiring) => (
          <Select
            {...wiring}
            value={scope}
            onChange={({ target }) =>
              setScope(SCOPES.find((offered) => offered.scope === target.value)?.scope ?? "run")
            }
          >
            {SCOPES.map((offered) => (
              <option key={offered.scope} value={offered.scope}>
                {offered.about}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {create.error && (
        <Notice tone="bad" title="Couldn’t create the key">
          {describeError(create.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={create.isPending} disabled={name.trim() === ""}>
          Create key
        </Button>
      </DialogActions>
    </Form>
  );
}

function Created({ apiKey, onClose }: { readonly apiKey: string; readonly onClose: () => void }) {
  return (
    <div className="flex flex-col gap-3.5">
      <Notice tone="warn" title="Copy it now. It won’t be shown again." />
      <CodeBlock code={apiKey} what="API key" />
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      </DialogActions>
    </div>
  );
}
