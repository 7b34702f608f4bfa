"use client";
import { useState } from "react";
import type { Tool } from "#/operations/tools/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { initialDraft, readFields } from "#/app/_ui/schema-fields.ts";
import { SchemaForm } from "#/app/_ui/schema-form.tsx";
import { readForm } from "#/app/_ui/schema-reader.ts";
import { useTryTool } from "../../_data/tools.ts";

/** Calls the tool once with what a person gives, and shows what it gave. */
export function TryTool({ tool }: { readonly tool: Tool }) {
  const fields = readFields(tool.input);
  const [draft, setDraft] = useState(() => initialDraft(fields));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const call = useTryTool(tool.name);
  const submit = () => {
    const read = readForm(fields, draft);
    setErrors(read.ok ? {} : read.errors);
    if (read.ok) call.mutate({ ...read.values });
  };
  return (
    <Card aria-label="Try it" className="min-w-0">
      <CardHeader
        title="Try it"
        description={
          tool.effect === "read"
            ? "Calls the tool once, outside any run."
            : "Calls the tool once, outside any run. It really writes."
        }
      />
      <Form onSubmit={submit} className="flex flex-col gap-3.5 p-4">
        <SchemaForm fields={fields} draft={draft} errors={errors} onChange={setDraft} />
        <div>
          <Button type="submit" variant="primary" pending={call.isPending} disabled={tool.policy === "deny"}>
            Call the tool
          </Button>
        </div>
        <div aria-live="polite">
          <Outcome call={call} />
        </div>
      </Form>
    </Card>
  );
}

function Outcome({ call: { data, error } }: { readonly call: ReturnType<typeof useTryTool> }) {
  if (error)
    return (
      <Notice tone="bad" title="Couldn’t call the tool">
        {describeError(error)}
      </Notice>
    );
  if (!data) return null;
  if (!data.ok)
    return (
      <Notice tone="bad" title="The tool failed">
        {data.message}
      </Notice>
    );
  return (
    <div className="flex flex-col gap-1.5">
      <JsonView what="Result" value={data.output} />
      <p className="text-xs text-muted-foreground">
        Took {data.durationMs} ms.{data.isCut && " Cut at the tool’s limit, as a model is given it."}
      </p>
    </div>
  );
}
