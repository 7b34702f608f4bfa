import { Checkbox, Field, FieldSet, Select } from "#/app/_ui/field.tsx";
import type { Permission } from "#/lib/auth/permissions.ts";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { choosePreset, type KeyDraft, SINGLE_PERMISSIONS } from "./key-draft.ts";
import { PERMISSION_GROUPS, PRESETS } from "./key-scopes.ts";

export interface KeyFieldProps {
  readonly draft: KeyDraft;
  readonly onChange: (changed: Partial<KeyDraft>) => void;
}

const ABOUT_PLAIN = "“Choose permissions…” takes what is ticked below, everything else does not.";

/** What the key may do: as most keys may, or permission by permission. */
export function PermissionsField({
  draft,
  error,
  onChange,
}: KeyFieldProps & { readonly error: string | undefined }) {
  const { isPlain } = useWorkspace();
  const preset = PRESETS.find(({ value }) => value === draft.preset);
  return (
    <>
      <Field label="Permissions" hint={isPlain ? ABOUT_PLAIN : preset?.about} error={error}>
        {(wiring) => (
          <Select
            {...wiring}
            name="preset"
            value={draft.preset}
            onChange={({ target }) => onChange(choosePreset(draft, target.value))}
          >
            {PRESETS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
            <option value={SINGLE_PERMISSIONS}>Choose permissions…</option>
          </Select>
        )}
      </Field>
      {(isPlain || preset === undefined) && (
        <SinglePermissions chosen={draft.permissions} onChange={(permissions) => onChange({ permissions })} />
      )}
    </>
  );
}

interface SinglePermissionsProps {
  readonly chosen: readonly Permission[];
  readonly onChange: (chosen: readonly Permission[]) => void;
}

function SinglePermissions({ chosen, onChange }: SinglePermissionsProps) {
  const choose = (permission: Permission, isChosen: boolean) => {
    const others = chosen.filter((one) => one !== permission);
    onChange(isChosen ? [...others, permission] : others);
  };
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3 rounded-md border border-border px-3 py-2.5">
      {PERMISSION_GROUPS.map(({ label, permissions }) => (
        <FieldSet key={label} label={label}>
          {permissions.map((one) => (
            <Checkbox
              key={one.permission}
              name="permission"
              value={one.permission}
              checked={chosen.includes(one.permission)}
              onChange={({ target }) => choose(one.permission, target.checked)}
            >
              {one.label}
            </Checkbox>
          ))}
        </FieldSet>
      ))}
    </div>
  );
}
