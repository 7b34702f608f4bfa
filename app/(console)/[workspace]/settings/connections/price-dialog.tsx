"use client";
import { useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { Field, Input } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useSetPrice } from "../../_data/prices.ts";

interface PriceDialogProps {
  /** The model whose price is set, "" for one that is still to be named; closed while absent. */
  readonly model: string | undefined;
  readonly onClose: () => void;
}

/** Sets what a model costs from a day on. */
export function PriceDialog({ model, onClose }: PriceDialogProps) {
  return (
    <Dialog
      open={model !== undefined}
      onClose={onClose}
      title={model ? `Price of ${model}` : "Set a price"}
      description="US dollars per million tokens, from a day (UTC) on."
    >
      <PriceForm model={model ?? ""} onClose={onClose} />
    </Dialog>
  );
}

const FIELDS = [
  {
    key: "model",
    label: "Model",
    hint: "As steps name it, such as ollama/qwen3. Without a connection it counts everywhere.",
    type: "text",
  },
  { key: "since", label: "From", hint: undefined, type: "date" },
  { key: "input", label: "Input", hint: undefined, type: "number" },
  {
    key: "cachedInput",
    label: "Cached input",
    hint: "Empty: the same as other input.",
    type: "number",
  },
  { key: "output", label: "Output", hint: "Thinking is output too.", type: "number" },
] as const;
type Key = (typeof FIELDS)[number]["key"];
type Values = Readonly<Record<Key, string>>;

const today = () => new Date().toISOString().slice(0, 10);

function PriceForm({ model, onClose }: { readonly model: string; readonly onClose: () => void }) {
  const [values, setValues] = useState<Values>({
    model,
    since: today(),
    input: "",
    cachedInput: "",
    output: "",
  });
  const put = useSetPrice();
  const problems = put.error instanceof ApiError ? put.error.problems : [];
  const isComplete = FIELDS.every(({ key }) => key === "cachedInput" || values[key].trim() !== "");
  const save = () =>
    put.mutate(toPrice(values), {
      onSuccess: () => {
        toast.success(`The price of ${values.model} is set`);
        onClose();
      },
    });
  return (
    <Form onSubmit={save} className="flex flex-col gap-3.5">
      {FIELDS.map(({ key, label, hint, type }) => (
        <Field
          key={key}
          label={label}
          hint={hint}
          error={problems.find(({ path }) => path === `/${key}`)?.message}
          optional={key === "cachedInput"}
        >
          {(wiring) => (
            <Input
              {...wiring}
              {...(type === "number" && { min: "0", step: "any", inputMode: "decimal" })}
              type={type}
              value={values[key]}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => setValues({ ...values, [key]: target.value })}
            />
          )}
        </Field>
      ))}
      <FormProblem error={put.error} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={put.isPending} disabled={!isComplete}>
          Set price
        </Button>
      </DialogActions>
    </Form>
  );
}

/** Problems of single fields stand at the fields; this says that nothing was set, and why. */
function FormProblem({ error }: { readonly error: Error | null }) {
  return (
    error && (
      <Notice tone="bad" title="Couldn’t set the price">
        {describeError(error)}
      </Notice>
    )
  );
}

const toPrice = ({ model, since, input, cachedInput, output }: Values) => ({
  model,
  since,
  input: Number(input),
  output: Number(output),
  cachedInput: cachedInput.trim() === "" ? null : Number(cachedInput),
});
