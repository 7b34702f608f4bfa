"use client";
import { useState } from "react";
import {
  CONNECTION_KIND_INFO,
  CONNECTION_KINDS,
  CONNECTION_NAME,
  type ConnectionKind,
} from "#/agents/vocabulary/connection.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { Plus } from "#/app/_ui/icons.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Connection } from "#/operations/connections/contract.ts";
import { useRefreshConnections, useConnectionUses, useTestConnection } from "../../_data/connections.ts";
import { type FormFieldsProps, FormWindow } from "../../_form/form-window.tsx";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { addConnection, removeConnection, saveConnection } from "./actions.ts";
import { ConnectionFields } from "./connection-fields.tsx";

const SEALED = "Keys are encrypted and never shown again.";

/** Makes a connection, and tests it at once. */
export function NewConnectionWindow() {
  const saving = useSaving();
  return (
    <FormWindow
      button={{
        variant: "primary",
        children: (
          <>
            <Plus aria-hidden /> New connection
          </>
        ),
      }}
      action={addConnection}
      place="settings/connections#new-connection"
      title="New connection"
      description={SEALED}
      isOnce
      {...saving}
    >
      {(form) => <NewFields {...form} />}
    </FormWindow>
  );
}

interface ConnectionProps {
  readonly connection: Connection;
}

/** Changes a connection, and tests it at once. */
export function EditConnectionWindow({ connection }: ConnectionProps) {
  const { id, name, kind, settings, secrets } = connection;
  const saving = useSaving();
  return (
    <FormWindow
      button={{ "aria-label": `Edit ${name}`, children: "Edit" }}
      action={saveConnection}
      place={`settings/connections#edit-${id}`}
      fixed={{ id, of: kind }}
      title={`Edit ${name}`}
      description={SEALED}
      {...saving}
    >
      {({ state: { problems }, textOf }) => (
        <>
          <NameField kind={kind} first={textOf("name", name)} error={problems["name"]} />
          <ConnectionFields
            kind={kind}
            settings={settings}
            stored={secrets}
            problems={problems}
            textOf={textOf}
          />
        </>
      )}
    </FormWindow>
  );
}

/** What follows a saved connection: where scripts run it is tested, and the test's words stand in the list and in a toast. */
function useSaving() {
  const { isPlain } = useWorkspace();
  const trial = useTestConnection();
  const changed = useRefreshConnections();
  return {
    submit: isPlain ? "Save" : "Save and test",
    done: "Connection saved",
    onDone: ({ id }: Connection) => {
      trial.mutate(id, {
        onSuccess: ({ ok, message }) => (ok ? toast.success(message) : toast.error(message)),
      });
      return changed();
    },
  };
}

/** Asks for the kind first, then for what it needs. Without scripts the fields of all kinds are there, and those of the chosen one are seen. */
function NewFields({ state: { problems }, textOf }: FormFieldsProps) {
  const { isPlain } = useWorkspace();
  const [kind, setKind] = useState(() => findKind(textOf("kind", "openai")));
  const fields = (one: ConnectionKind) => (
    <ConnectionFields kind={one} settings={NOTHING} stored={NONE} problems={problems} textOf={textOf} />
  );
  return (
    <div className="group/new flex flex-col gap-3.5">
      <KindField kind={kind} onChange={setKind} />
      {/* The name follows the kind until somebody chooses another. */}
      <NameField
        key={isPlain ? "" : kind}
        kind={kind}
        first={textOf("name", isPlain ? "" : kind)}
        error={problems["name"]}
      />
      {isPlain
        ? CONNECTION_KINDS.map((one) => (
            <div key={one} className={cn("hidden", SEEN_FOR[one])}>
              {fields(one)}
            </div>
          ))
        : fields(kind)}
    </div>
  );
}

const NOTHING = {};
const NONE: readonly string[] = [];

const SEEN_FOR: Readonly<Record<ConnectionKind, string>> = {
  openai: "group-has-[option[value=openai]:checked]/new:block",
  anthropic: "group-has-[option[value=anthropic]:checked]/new:block",
  google: "group-has-[option[value=google]:checked]/new:block",
  gateway: "group-has-[option[value=gateway]:checked]/new:block",
  "openai-compatible": "group-has-[option[value=openai-compatible]:checked]/new:block",
  mcp: "group-has-[option[value=mcp]:checked]/new:block",
  http: "group-has-[option[value=http]:checked]/new:block",
  smtp: "group-has-[option[value=smtp]:checked]/new:block",
  slack: "group-has-[option[value=slack]:checked]/new:block",
  github: "group-has-[option[value=github]:checked]/new:block",
  figma: "group-has-[option[value=figma]:checked]/new:block",
};

const findKind = (text: string): ConnectionKind => CONNECTION_KINDS.find((one) => one === text) ?? "openai";

interface KindFieldProps {
  readonly kind: ConnectionKind;
  readonly onChange: (kind: ConnectionKind) => void;
}

const KindField = ({ kind, onChange }: KindFieldProps) => (
  <Field label="Kind">
    {(wiring) => (
      <Select
        {...wiring}
        name="kind"
        defaultValue={kind}
        onChange={({ target }) => onChange(findKind(target.value))}
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

const NAME_RULE = "Lower-case letters, digits and single - or _ between them.";

interface NameFieldProps {
  readonly kind: ConnectionKind;
  readonly first: string;
  readonly error: string | undefined;
}

function NameField({ kind, first, error }: NameFieldProps) {
  const [name, setName] = useState(first);
  const isNamed = name === "" || CONNECTION_NAME.test(name);
  return (
    <Field
      label="Name"
      hint={
        CONNECTION_KIND_INFO[kind].purpose === "models"
          ? `Steps name its models: ${name || "name"}/<model>.`
          : "Steps and tools call it by this name."
      }
      error={isNamed ? error : NAME_RULE}
    >
      {(wiring) => (
        <Input
          {...wiring}
          name="name"
          value={name}
          autoComplete="off"
          spellCheck={false}
          maxLength={32}
          className="font-mono"
          onChange={({ target }) => setName(target.value.trim().toLowerCase())}
        />
      )}
    </Field>
  );
}

/** Asks before a connection is deleted, and says which workflows and tools will miss it. */
export function DeleteConnectionWindow({ connection: { id, name } }: ConnectionProps) {
  const [isOpen, setOpen] = useState(false);
  const { data } = useConnectionUses(isOpen ? id : undefined);
  const changed = useRefreshConnections();
  return (
    <FormWindow
      button={{ variant: "danger", "aria-label": `Delete ${name}`, children: "Delete" }}
      opening={{ isOpen, onOpen: () => setOpen(true), onClose: () => setOpen(false) }}
      action={removeConnection}
      place={`settings/connections#delete-${id}`}
      fixed={{ id }}
      title={`Delete ${name}?`}
      description={`${usesText(data)} Its key can’t be recovered.`}
      submit="Delete"
      isDangerous
      done="Connection deleted"
      onDone={() => {
        toast.success("Connection deleted");
        return changed();
      }}
    />
  );
}

const LISTED = 5;

interface Uses {
  readonly usedBy: readonly { readonly name: string }[];
  readonly usedByTools: readonly string[];
}

function usesText(uses: Uses | undefined): string {
  if (uses === undefined) return "Steps and tools that use it will fail.";
  const workflows = listNames(uses.usedBy.map(({ name }) => name));
  const tools = listNames(uses.usedByTools);
  const told = [
    workflows !== "" && `Steps of ${workflows} use it and will fail.`,
    tools !== "" && `Calls of ${tools} use it and will fail.`,
  ].filter((text) => text !== false);
  return told.join(" ") || "No workflow and no tool uses it.";
}

function listNames(names: readonly string[]): string {
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return `${names
    .slice(0, LISTED)
    .map((name) => `“${name}”`)
    .join(", ")}${more}`;
}
