"use client";
import { Field, Input } from "#/app/_ui/field.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Workflow } from "#/operations/workflows/contract.ts";
import { useStoreWorkflow } from "../../_data/workflows.ts";
import { FormWindow, type FormWindowControl } from "../../_form/form-window.tsx";
import { renameWorkflow } from "./actions.ts";

interface RenameWindowProps extends FormWindowControl {
  readonly workflow: Workflow;
}

/** The button that asks for another name of a workflow, and the form. */
export function RenameWindow({ workflow: { id, name }, ...control }: RenameWindowProps) {
  const store = useStoreWorkflow(id);
  return (
    <FormWindow
      {...control}
      action={renameWorkflow}
      place={`workflows/${id}#rename`}
      fixed={{ id }}
      title="Rename workflow"
      submit="Rename"
      done="Renamed"
      onDone={(workflow) => {
        toast.success("Renamed");
        return store(workflow);
      }}
    >
      {({ state, textOf }) => (
        <Field label="Name" error={state.problems["name"]}>
          {(wiring) => (
            <Input
              {...wiring}
              name="name"
              autoComplete="off"
              maxLength={200}
              defaultValue={textOf("name", name)}
            />
          )}
        </Field>
      )}
    </FormWindow>
  );
}
