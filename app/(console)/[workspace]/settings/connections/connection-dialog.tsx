"use client";
import { useState } from "react";
import {
  CONNECTION_KIND_INFO,
  CONNECTION_KINDS,
  CONNECTION_NAME,
  type ConnectionKind,
} from "#/agents/vocabulary/connection.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Connection } from "#/operations/connections/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useCreateConnection, useTestConnection, useUpdateConnection } from "../../_data/connections.ts";
import { ConnectionFields } from "./connection-fields.tsx";

interface ConnectionDialogProps {
  readonly open: boolean;
  /** The connection that is changed; absent for a new one. */
  readonly connection?: Connection | undefined;
  readonly onClose: () => void;
}

/** Makes a connection or changes one, and tests it at once. */
export function ConnectionDialog({ open, connection, onClose }: ConnectionDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={connection ? `Edit ${connection.name}` : "New connection"}
      description="Keys are encrypted and never shown again."
    >
      <ConnectionForm connection={connection} onClose={onClose} />
    </Dialog>
  );
}

type Values = Readonly<Record<string, string>>;

const NEW = { kind: "openai", name: "openai", settings: {}, secrets: [] } as const;

function ConnectionForm({ connection, onClose }: Omit<ConnectionDialogProps, "open">) {
  const before: Pick<Connection, keyof typeof NEW> = connection ?? { ...NEW, secrets: [] };
  const [kind, setKind] = useState<ConnectionKind>(before.kind);
  const [name, setName] = useState(before.name);
  const [values, setValues] = useState<Values>(before.settings);
  const { save, error, isPending } = useSave(connection, onClose);
  const choose = (next: ConnectionKind) => {
    // The name follows the kind until somebody has chosen another.
    if (name === "" || name === kind) setName(next);
    setKind(next);
    setValues({});
  };
  const problems = fieldProblems(error);
  return (
    <Form onSubmit={() => save({ kind, name, fields: values })} className="flex flex-col gap-3.5">
      {!connection && <KindField kind={kind} onChange={choose} />}
      <NameField kind={kind} name={name} error={problems["name"]} onChange={setName} />
      <ConnectionFields
        kind={kind}
        values={values}
        stored={before.secrets}
        problems={problems}
        onChange={(field, value) => setValues({ ...values, [field]: value })}
      />
      {error && (
        <Notice tone="bad" title="Couldn’t save the connection">
          {describeError(error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={isPending} disabled={!CONNECTION_NAME.test(name)}>
          Save and test
        </Button>
      </DialogActions>
    </Form>
  );
}

interface Entered {
  readonly kind: ConnectionKind;
  readonly name: string;
  readonly fields: Values;
}

/** Saves, and tests what was saved; the test's words stand in the list and in a toast. */
function useSave(connection: Connection | undefined, onClose: () => void) {
  const creation = useCreateConnection();
  const change = useUpdateConnection();
  const trial = useTestConnection();
  const onSuccess = ({ id }: Connection) => {
    onClose();
    trial.mutate(id, {
      onSuccess: ({ ok, message }) => (ok ? toast.success(message) : toast.error(message)),
    });
  };
  const save = ({ kind, name, fields }: Entered) => {
    if (connection)
      change.mutate({ id: connection.id, name, fields: listChanges(connection, fields) }, { onSuccess });
    else creation.mutate({ name, kind, fields }, { onSuccess });
  };
  return { save, error: creation.error ?? change.error, isPending: creation.isPending || change.isPending };
}

/** An empty field of something stored keeps it: nobody can see what would be lost. */
const listChanges = ({ secrets }: Connection, fields: Values): Values =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== "" || !secrets.includes(name)),
  );

/** Reads the problems of a refusal, by the names of the fields. */
function fieldProblems(error: unknown): Values {
  const problems = error instanceof ApiError ? error.problems : [];
  return Object.fromEntries(
    problems.map(({ path, message }) => [path.split("/").at(-1) ?? "", message] as const),
  );
}

function KindField({
  kind,
  onChange,
}: {
  readonly kind: ConnectionKind;
  readonly onChange: (kind: ConnectionKind) => void;
}) {
  return (
    <Field label="Kind">
      {(wiring) => (
        <Select
          {...wiring}
          value={kind}
          onChange={({ target }) =>
            onChange(CONNECTION_KINDS.find((one) => one === target.value) ?? "openai")
          }
        >
          {CONNECTION_KINDS.map((one) => (
            <option key={one} value={one}>
              {CONNECTION_KIND_INFO[one].label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

const nameProblem = (name: string) =>
  name === "" || CONNECTION_NAME.test(name)
    ? undefined
    : "Lower-case letters, digits and single - or _ between them.";

interface NameFieldProps {
  readonly kind: ConnectionKind;
  readonly name: string;
  readonly error: string | undefined;
  readonly onChange: (name: string) => void;
}

function NameField({ kind, name, error, onChange }: NameFieldProps) {
  return (
    <Field
      label="Name"
      hint={
        CONNECTION_KIND_INFO[kind].purpose === "models"
          ? `Steps name its models: ${name}/<model>.`
          : "Steps and tools call it by this name."
      }
      error={error ?? nameProblem(name)}
    >
      {(wiring) => (
        <Input
          {...wiring}
          value={name}
          autoComplete="off"
          spellCheck={false}
          maxLength={32}
          className="font-mono"
          onChange={({ target }) => onChange(target.value.trim().toLowerCase())}
        />
      )}
    </Field>
  );
}
