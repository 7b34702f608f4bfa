"use client";
import type { ReactNode } from "react";
import { Button, type ButtonProps } from "#/app/_ui/button.tsx";
import type { FormAction } from "#/lib/form-state.ts";
import { ActionForm, FormMessage } from "./action-form.tsx";
import { useFormAction } from "./use-form-action.ts";

interface ButtonFormProps<Answer> {
  readonly button: Omit<ButtonProps, "onClick" | "type">;
  readonly action: FormAction<Answer>;
  /** The page and the form's place on it. One form each. */
  readonly place: string;
  /** Fields that nobody fills in: what the form is about. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Said where no toast can. */
  readonly done: string;
  readonly onDone?: (answer: Answer) => unknown;
  /** What follows where no script can act on the answer. */
  readonly answered?: (answer: Answer) => ReactNode;
  /** Fields beside the button. */
  readonly children?: ReactNode;
}

/** A button that does something at once, with scripts and without. What is refused is said beside it. */
export function ButtonForm<Answer>(props: ButtonFormProps<Answer>) {
  const { button, action, place, fixed, done, onDone, answered, children } = props;
  const sending = useFormAction(action, { place, ...(onDone && { onDone }) });
  const { answer } = sending.state;
  return (
    <ActionForm sending={sending} className="flex max-w-full flex-wrap items-center gap-2">
      {Object.entries(fixed).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <Button {...button} type="submit" pending={sending.isPending} />
      {sending.isPlain && answered && answer !== undefined && answered(answer)}
      <FormMessage sending={sending} done={done} />
    </ActionForm>
  );
}
