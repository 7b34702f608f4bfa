"use client";
import { Field, Input } from "#/app/_ui/field.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Price } from "#/operations/prices/contract.ts";
import { useRefreshPrices } from "../../_data/prices.ts";
import { type FormFieldsProps, FormWindow, type FormWindowControl } from "../../_form/form-window.tsx";
import { savePrice } from "./actions.ts";

interface PriceWindowProps extends Pick<FormWindowControl, "button"> {
  /** The model whose price is set; "" for one that is still to be named. */
  readonly model: string;
}

/** Sets what a model costs from a day on. */
export function PriceWindow({ model, button }: PriceWindowProps) {
  const refresh = useRefreshPrices();
  return (
    <FormWindow
      button={button}
      action={savePrice}
      place={`settings/connections#price-${model}`}
      title={model ? `Price of ${model}` : "Set a price"}
      description="US dollars per million tokens, from a day (UTC) on."
      submit="Set price"
      done="Price set"
      onDone={(price: Price) => {
        toast.success(`The price of ${price.model} is set`);
        return refresh();
      }}
    >
      {(form) => <PriceFields {...form} model={model} />}
    </FormWindow>
  );
}

const RATES = [
  { name: "input", label: "Input", hint: undefined },
  { name: "cachedInput", label: "Cached input", hint: "Empty: the same as other input." },
  { name: "output", label: "Output", hint: "Thinking is output too." },
] as const;

const today = () => new Date().toISOString().slice(0, 10);

interface PriceFieldsProps extends Pick<FormFieldsProps, "state" | "textOf"> {
  readonly model: string;
}

function PriceFields({ state: { problems }, textOf, model }: PriceFieldsProps) {
  return (
    <>
      <Field
        label="Model"
        hint="As steps name it, such as ollama/qwen3. Without a connection it counts everywhere."
        error={problems["model"]}
      >
        {(wiring) => (
          <Input
            {...wiring}
            name="model"
            defaultValue={textOf("model", model)}
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </Field>
      <Field label="From" error={problems["since"]}>
        {(wiring) => <Input {...wiring} name="since" type="date" defaultValue={textOf("since", today())} />}
      </Field>
      {RATES.map(({ name, label, hint }) => (
        <Field key={name} label={label} hint={hint} error={problems[name]} optional={name === "cachedInput"}>
          {(wiring) => (
            <Input
              {...wiring}
              name={name}
              type="number"
              min="0"
              step="any"
              inputMode="decimal"
              defaultValue={textOf(name)}
              autoComplete="off"
            />
          )}
        </Field>
      ))}
    </>
  );
}
