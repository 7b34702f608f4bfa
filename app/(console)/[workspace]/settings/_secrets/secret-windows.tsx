"use client";
import { Plus } from "#/app/_ui/icons.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Secret } from "#/operations/secrets/contract.ts";
import { useRefreshSecrets } from "../../_data/secrets.ts";
import { FormWindow } from "../../_form/form-window.tsx";
import { removeSecret, saveHosts, saveSecret } from "../actions.ts";
import { HostsField } from "./hosts-field.tsx";
import { writeHosts } from "./read-hosts.ts";
import { NameField, ValueField } from "./secret-fields.tsx";

interface SecretProps {
  readonly secret: Secret;
}

/** Has the list read again, and says so. */
function useTold(words: string): () => unknown {
  const refresh = useRefreshSecrets();
  return () => {
    toast.success(words);
    return refresh();
  };
}

/** Sets a secret that is not there yet. */
export function NewSecretWindow() {
  const onDone = useTold("Secret saved");
  return (
    <FormWindow
      button={{
        children: (
          <>
            <Plus aria-hidden /> New secret
          </>
        ),
      }}
      action={saveSecret}
      place="settings#new-secret"
      title="New secret"
      description="The value is encrypted and never shown again."
      submit="Save secret"
      done="Secret saved"
      onDone={onDone}
    >
      {({ state: { problems }, textOf }) => (
        <>
          <NameField first={textOf("name")} error={problems["name"]} />
          <ValueField error={problems["value"]} />
          <HostsField first={textOf("hosts")} error={problems["hosts"]} />
        </>
      )}
    </FormWindow>
  );
}

/** Gives a secret another value. */
export function ReplaceSecretWindow({ secret: { name, hosts } }: SecretProps) {
  const onDone = useTold(`${name} replaced`);
  return (
    <FormWindow
      button={{ "aria-label": `Replace ${name}`, children: "Replace" }}
      action={saveSecret}
      place={`settings#replace-${name}`}
      fixed={{ name }}
      title={`Replace ${name}`}
      description="Steps will use the new value from now on."
      submit="Replace"
      done="Secret replaced"
      onDone={onDone}
    >
      {({ state: { problems }, textOf }) => (
        <>
          <ValueField error={problems["value"]} />
          <HostsField first={textOf("hosts", writeHosts(hosts))} error={problems["hosts"]} />
        </>
      )}
    </FormWindow>
  );
}

/** Says where a secret may be sent, without its value. */
export function SecretHostsWindow({ secret: { name, hosts } }: SecretProps) {
  const onDone = useTold(`Hosts for ${name} saved`);
  return (
    <FormWindow
      button={{ "aria-label": `Hosts for ${name}`, children: "Hosts" }}
      action={saveHosts}
      place={`settings#hosts-${name}`}
      fixed={{ name }}
      title={`Hosts for ${name}`}
      description="From now on, steps only send the secret to these hosts."
      submit="Save"
      done="Hosts saved"
      onDone={onDone}
    >
      {({ state: { problems }, textOf }) => (
        <HostsField first={textOf("hosts", writeHosts(hosts))} error={problems["hosts"]} />
      )}
    </FormWindow>
  );
}

/** Deletes a secret after a second look. */
export function DeleteSecretWindow({ secret: { name } }: SecretProps) {
  const onDone = useTold("Secret deleted");
  return (
    <FormWindow
      button={{ variant: "danger", "aria-label": `Delete ${name}`, children: "Delete" }}
      action={removeSecret}
      place={`settings#delete-secret-${name}`}
      fixed={{ name }}
      title={`Delete ${name}?`}
      description="Steps that use it will fail. The value can’t be recovered."
      submit="Delete"
      isDangerous
      done="Secret deleted"
      onDone={onDone}
    />
  );
}
