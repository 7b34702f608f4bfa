"use client";
import type { ComponentProps } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input, Select } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { ImportTools } from "#/operations/tools/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useConnections } from "../_data/connections.ts";

/** The address of a document, and the names of its tools. */
export interface ImportSource {
  readonly url: string;
  /** The document itself, of a file; it counts before the address. */
  readonly file: { readonly name: string; readonly text: string } | undefined;
  readonly prefix: string;
  readonly baseUrl: string;
  readonly connection: string;
}

export const EMPTY_SOURCE: ImportSource = {
  url: "",
  file: undefined,
  prefix: "",
  baseUrl: "",
  connection: "",
};

interface ImportSourceFormProps {
  readonly source: ImportSource;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onChange: (source: ImportSource) => void;
  readonly onSubmit: (body: ImportTools) => void;
  readonly onCancel: () => void;
}

function toBody({ url, file, prefix, baseUrl, connection }: ImportSource): ImportTools {
  return {
    prefix: prefix.trim(),
    ...(file ? { document: file.text } : { url: url.trim() }),
    ...(baseUrl.trim() !== "" && { baseUrl: baseUrl.trim() }),
    ...(connection !== "" && { connection }),
  };
}

/** Asks for a document by its address or as a file. */
export function ImportSourceForm(props: ImportSourceFormProps) {
  const { source, pending, error, onChange, onSubmit, onCancel } = props;
  const problems = error instanceof ApiError ? error.problems : [];
  const problemAt = (...paths: readonly string[]) =>
    problems.find(({ path }) => paths.some((one) => path.startsWith(one)))?.message;
  const change = (part: Partial<ImportSource>) => onChange({ ...source, ...part });
  const text = (name: "url" | "prefix" | "baseUrl") => ({
    value: source[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      change({ [name]: target.value }),
  });
  return (
    <Form onSubmit={() => onSubmit(toBody(source))} className="flex flex-col gap-3.5">
      <Field
        label="Address of the document"
        hint="OpenAPI 3, as JSON or YAML"
        error={source.file ? undefined : problemAt("/url")}
        optional={source.file !== undefined}
      >
        {(wiring) => (
          <Input
            {...wiring}
            {...text("url")}
            type="url"
            placeholder="https://api.example.com/openapi.json"
            required={!source.file}
            disabled={source.file !== undefined}
          />
        )}
      </Field>
      <FileField source={source} error={problemAt("/document")} onChange={change} />
      <div className="grid gap-3.5 sm:grid-cols-2">
        <Field label="Prefix" hint="crm makes crm__listUsers" error={problemAt("/prefix")}>
          {(wiring) => <Input {...wiring} {...text("prefix")} required maxLength={30} />}
        </Field>
        <ConnectionField value={source.connection} onChange={(connection) => change({ connection })} />
      </div>
      <ServerField error={problemAt("/baseUrl")} wires={text("baseUrl")} />
      {error !== null && problems.length === 0 && (
        <Notice tone="bad" title="Couldn’t read the document">
          {describeError(error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" pending={pending}>
          Show operations
        </Button>
      </DialogActions>
    </Form>
  );
}

interface ServerFieldProps {
  readonly error: string | undefined;
  readonly wires: Pick<ComponentProps<"input">, "value" | "onChange">;
}

const ServerField = ({ error, wires }: ServerFieldProps) => (
  <Field label="Server" hint="Where requests go; without it, where the document says" error={error} optional>
    {(wiring) => <Input {...wiring} {...wires} type="url" placeholder="https://api.example.com/v1" />}
  </Field>
);

interface FileFieldProps {
  readonly source: ImportSource;
  readonly error: string | undefined;
  readonly onChange: (part: Pick<ImportSource, "file">) => void;
}

function FileField({ source: { file }, error, onChange }: FileFieldProps) {
  const read = async (chosen: File | undefined) =>
    onChange({ file: chosen && { name: chosen.name, text: await chosen.text() } });
  return (
    <Field label="Or a file" hint="Up to 900,000 characters" error={error} optional>
      {(wiring) =>
        file ? (
          <div className="flex flex-wrap items-center gap-2">
            <span className="min-w-0 break-all">{file.name}</span>
            <Button onClick={() => onChange({ file: undefined })}>Remove</Button>
          </div>
        ) : (
          <input
            {...wiring}
            type="file"
            accept=".json,.yaml,.yml,application/json,application/yaml"
            className="min-w-0 text-muted-foreground"
            onChange={({ target }) => void read(target.files?.[0])}
          />
        )
      }
    </Field>
  );
}

interface ConnectionFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A connection that is gone, or not readable for whoever imports, stays chosen. */
function ConnectionField({ value, onChange }: ConnectionFieldProps) {
  const { data } = useConnections();
  const names = (data?.items ?? []).filter(({ kind }) => SIGNS_IN.has(kind)).map(({ name }) => name);
  const all = value === "" || names.includes(value) ? names : [value, ...names];
  return (
    <Field label="Connection" hint="It signs the requests in" optional>
      {(wiring) => (
        <Select {...wiring} value={value} onChange={({ target }) => onChange(target.value)}>
          <option value="">None</option>
          {all.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** Kinds whose credentials fit requests to a server. */
const SIGNS_IN: ReadonlySet<string> = new Set(["http", "github", "slack", "figma"]);
